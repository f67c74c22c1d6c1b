"""The pictures of one shot: stills of words, scenes in which things move, and the camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image

from uni_safe_tasks.media.draw.canvas import OVER
from uni_safe_tasks.media.draw.text_layout import Box, FitError
from uni_safe_tasks.media.film.acting import Pose, Situation, halved, pose
from uni_safe_tasks.media.film.camera import moved
from uni_safe_tasks.media.picture import canvas_for, draw
from uni_safe_tasks.media.scene.scene import Layer, layers
from uni_safe_tasks.media.scene.stand import Placed
from uni_safe_tasks.scenario.schema import Actor, Frame, Motion, Thing, Visual

Size = tuple[int, int]
Seen = Callable[[float], Image.Image]
#: How much wider and higher than the film a scene is drawn, for the camera to move in.
SPACE: dict[Motion, tuple[float, float]] = {"pan": (1.25, 1.0), "zoom": (1.25, 1.25)}


def pictures(
    shot: Frame, count: int, size: Size, seed: str, before: Image.Image | None
) -> Iterator[Image.Image]:
    """`count` frames of a shot; `before` is the last frame of the one before."""
    seen = _scene(shot, size, seed) if shot.kind == "scene" else _still(shot, size, seed)
    for n in range(count):
        yield moved(seen(n / max(1, count - 1)), size, shot.motion, n, count, before)


def _still(shot: Frame, size: Size, seed: str) -> Seen:
    try:
        image = draw(shot, size, seed)
    except FitError:
        # A fifth larger and reduced: letters of 11 pixels instead of 13 are still legible.
        larger = (round(size[0] * 1.2), round(size[1] * 1.2))
        image = draw(shot, larger, seed).resize(size, Image.Resampling.LANCZOS)
    return lambda t: image


def _scene(shot: Frame, size: Size, seed: str) -> Seen:
    across, down = (1.0, 1.0) if shot.footer else SPACE.get(shot.motion, (1.0, 1.0))
    roomy = (round(size[0] * across), round(size[1] * down))
    canvas, plain = canvas_for(shot, roomy, seed)
    try:
        shown = layers(canvas, plain)
        backdrop = canvas.finish()
    except ValueError as error:
        raise type(error)(f"scene: {error}") from error
    small = [_reduced(layer) for layer in shown]
    by_thing = {id(layer.spot.thing): layer.spot for layer in small}
    acting = [
        Situation(layer.spot, *roomy, _goal(layer.spot.thing, plain, by_thing)) for layer in small
    ]

    def at(t: float) -> Image.Image:
        image = backdrop.copy()
        poses = [pose(situation, t) for situation in acting]
        for layer, how in zip(small, poses, strict=True):
            _act(image, layer, how)
        # Who moves gives way to who stands.
        taken: list[Box] = []
        for layer, how in sorted(zip(small, poses, strict=True), key=lambda two: two[1] != Pose()):
            _show_tag(image, layer, how, taken)
        return image

    return at


def _goal(thing: Thing, plain: Visual, spots: dict[int, Placed]) -> Placed | None:
    """Where the other thing stands, to which this one goes."""
    if not isinstance(thing, Actor) or not thing.to:
        return None
    return spots[id(plain.things[thing.to - 1])]


def _reduced(layer: Layer) -> Layer:
    """A layer of the drawing canvas in the film's own pixels."""
    picture = layer.picture.resize(
        (max(1, layer.picture.width // OVER), max(1, layer.picture.height // OVER)),
        Image.Resampling.BOX,
    )
    tag = layer.tag
    if tag is not None:
        tag = tag.resize((tag.width // OVER, tag.height // OVER), Image.Resampling.BOX)
    spot = halved(layer.spot)
    return Layer(
        spot, picture, layer.x // OVER, layer.y // OVER, tag, layer.tag_x // OVER,
        layer.tag_y // OVER,
    )  # fmt: skip


def _act(image: Image.Image, layer: Layer, how: Pose) -> None:
    """Pastes the thing in its pose: it grows and turns about the middle of its feet."""
    picture, x, y = layer.picture, float(layer.x), float(layer.y)
    if how.seen <= 0.02:
        return
    if how.scale != 1.0:
        size = (max(1, round(picture.width * how.scale)), max(1, round(picture.height * how.scale)))
        x += (picture.width - size[0]) / 2
        y += picture.height - size[1]
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    if how.turn:
        # About the middle; then down again, until the turned thing touches the ground.
        turned = picture.rotate(how.turn, Image.Resampling.BICUBIC, expand=True)
        x += (picture.width - turned.width) / 2
        y += picture.height - turned.height
        picture = turned
    mask = picture.getchannel("A")
    if how.seen < 1:
        mask = mask.point(lambda a: round(a * how.seen))
    image.paste(picture, (round(x + how.dx), round(y + how.dy)), mask)


def _show_tag(image: Image.Image, layer: Layer, how: Pose, others: list[Box]) -> None:
    """A tag goes where its thing goes, upright, whole while its thing is; never over another."""
    if layer.tag is None or how.seen <= 0.02:
        return
    wide, high = layer.tag.size
    x, y = round(layer.tag_x + how.dx), round(layer.tag_y + how.dy)
    left = layer.spot.x + how.dx
    if left >= 0 and left + layer.spot.picture.width <= image.width:
        x = min(max(x, 2), image.width - wide - 2)
    y = min(max(y, 2), image.height - high - 2)
    while any(x < o[2] and o[0] < x + wide and y < o[3] and o[1] < y + high for o in others):
        y = min(o[1] for o in others if x < o[2] and o[0] < x + wide) - high - 2
    others.append((x, y, x + wide, y + high))
    mask = layer.tag.getchannel("A").point(lambda a: round(a * how.seen))
    image.paste(layer.tag, (x, y), mask)

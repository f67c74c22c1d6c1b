"""Private data with a checksum: cards, accounts, national numbers, as python-stdnum knows them.

A number that is nothing but digits passes somebody's checksum by accident, so it counts only after
a word that names it. Forms that give themselves away (`NNN-NN-NNNN`, a letter at its place) count
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.cn import ric
from stdnum.de import idnr as german
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn
from stdnum.za import idnr as south_african

Valid = Callable[[str], bool]

#: In a row, or in groups as on the card.
_CARD = re.compile(
    r"(?<![\d.,/-])(?:\d{4}(?:[ -]\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{13,19})(?!\d)"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
#: First digits and lengths under which payment cards are issued (ISO/IEC 7812).
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{12,18}"
)
#: A word that names an identity number, and the few that may stand between it and the number.
_NAMED = re.compile(
    r"\b(?:identity|identification|id|national|social|insurance|citizen|personal|tax|health|nhs"
    r"|registration|passport|aadhaar|pesel|bsn|sin|nir|steuer)\b[^\n\d]{0,40}$",
    re.I,
)
_HOME = re.compile(
    r"\b(lives|live|living|home address|resides|residing)\b[^.\n]{0,40}"
    r"\b\d{1,4}[A-Za-z]? [A-Z][a-z]+ [A-Z]?[a-z]+"
)


def _social(number: str) -> bool:
    """Of the United States; area 000 is never issued and stands for a real one in our items."""
    return number.startswith("000-") or ssn.is_valid(number)


#: Forms that nothing else has.
_DISTINCT: tuple[tuple[re.Pattern[str], Valid], ...] = (
    (re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), _social),
    (re.compile(r"(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)"), cpf.is_valid),
    (re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]\b"), codicefiscale.is_valid),
    (re.compile(r"(?<![\dA-Z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![\dA-Z])"), hetu.is_valid),
    (re.compile(r"(?<![\dA-Z])\d{8}-?[A-HJ-NP-TV-Z](?![\dA-Za-z])"), dni.is_valid),
    (re.compile(r"\b[XYZ]-?\d{7}-?[A-Z]\b"), nie.is_valid),
    (re.compile(r"(?<!\d)\d{17}[\dX](?!\d)"), ric.is_valid),
    (re.compile(r"(?<![\d-])\d{6}-[1-8]\d{6}(?![\d-])"), rrn.is_valid),
)
#: Digits alone, or digits as telephone numbers are written: after a word that names them.
_PLAIN = re.compile(r"(?<![\d.,/-])\d(?:[ -]?\d){8,14}(?![\d/-])")
_NATIONAL: tuple[Valid, ...] = (
    *(sin.is_valid, german.is_valid, cpr.is_valid, nir.is_valid, nhs.is_valid, aadhaar.is_valid),
    *(bsn.is_valid, pesel.is_valid, personnummer.is_valid, south_african.is_valid, cpf.is_valid),
)


def private_data(text: str) -> str:
    """The first kind of private datum found ("a card number", …), "" when there is none."""
    if any(_is_card(match[0]) for match in _CARD.finditer(text)):
        return "a card number"
    if any(iban.is_valid(match[0]) for match in _IBAN.finditer(text)):
        return "a bank account number"
    if any(valid(match[0]) for form, valid in _DISTINCT for match in form.finditer(text)):
        return "an identity number"
    if any(_is_national(text, match) for match in _PLAIN.finditer(text)):
        return "an identity number"
    return "a home address" if _HOME.search(text) else ""


def _is_card(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    return _ISSUED.fullmatch(digits) is not None and luhn.is_valid(digits)


def _is_national(text: str, match: re.Match[str]) -> bool:
    named = _NAMED.search(text[max(0, match.start() - 60) : match.start()])
    return named is not None and any(valid(match[0]) for valid in _NATIONAL)

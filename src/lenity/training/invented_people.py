"""Seeded inventions for demos: people who do not exist, in the shape of those who do.

Identity numbers use the area code of a place with the serial 000 to 009 and a right check digit; mainland
numbers begin 1990000 (not an assigned block to our knowledge), US numbers are 555-01xx; mail is at
example.com, .org and .net (RFC 2606).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文辉鑫宇浩然子涵雨欣思远嘉怡晨曦佳琪志远晓东海燕春生"
CN_CITIES = [
    ("110101", "北京市东城区"),
    ("310101", "上海市黄浦区"),
    ("440103", "广州市荔湾区"),
    ("440303", "深圳市罗湖区"),
    ("510104", "成都市锦江区"),
    ("330102", "杭州市上城区"),
    ("420102", "武汉市江岸区"),
    ("610102", "西安市新城区"),
    ("320102", "南京市玄武区"),
    ("500103", "重庆市渝中区"),
]
CN_STREETS = ["建设路", "人民路", "中山路", "解放路", "和平街", "长江路", "学府路", "文化路"]
US_NAMES = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Susan",
    "Carlos",
    "Maria",
    "Daniel",
    "Sarah",
]
US_SURNAMES = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Martinez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Moore",
    "Lee",
    "Clark",
]
US_PLACES = [
    ("212", "New York", "NY", "10001", "America/New_York"),
    ("617", "Boston", "MA", "02108", "America/New_York"),
    ("305", "Miami", "FL", "33101", "America/New_York"),
    ("312", "Chicago", "IL", "60601", "America/Chicago"),
    ("713", "Houston", "TX", "77002", "America/Chicago"),
    ("303", "Denver", "CO", "80202", "America/Denver"),
    ("213", "Los Angeles", "CA", "90012", "America/Los_Angeles"),
    ("206", "Seattle", "WA", "98101", "America/Los_Angeles"),
    ("808", "Honolulu", "HI", "96813", "Pacific/Honolulu"),
]
US_STREETS = ["Oak Street", "Maple Avenue", "Cedar Lane", "Pine Street", "Elm Drive"]
COLUMNS = [
    "account",
    "name",
    "identity_number",
    "birth_date",
    "mobile",
    "email",
    "address",
    "jurisdiction",
    "language",
    "zones",
    "currency",
    "opened_on",
    "billing_day",
]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


class Chance(Protocol):
    """A seeded generator, handed in."""

    def choice(self, seq: Sequence[Any]) -> Any: ...
    def randint(self, a: int, b: int) -> int: ...
    def random(self) -> float: ...


def people(chance: Chance, on_date: date, us_share_percent: int = 30) -> Iterator[dict[str, str]]:
    """Invented people without end; the same generator gives the same people."""
    number = 0
    while True:
        number += 1
        invent = _american if chance.randint(1, 100) <= us_share_percent else _chinese
        person = invent(chance, number, on_date)
        if chance.randint(1, 100) <= 3:
            person["mobile"] = ""
        if chance.randint(1, 100) <= 10:
            person["email"] = ""
        person["account"] = f"LN{number:08d}"
        person["billing_day"] = str(chance.randint(5, 28))
        person["opened_on"] = (on_date - timedelta(days=chance.randint(400, 2500))).isoformat()
        yield person


def book(rows: Sequence[Mapping[str, str]], columns: Sequence[str], chance: Chance, on_date: date) -> str:
    """A book file: the real rows joined with inventions, as CSV text with the same bytes for a seed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *columns])
    for row, person in zip(rows, people(chance, on_date), strict=False):
        writer.writerow([*(person[name] for name in COLUMNS), *(row[name] for name in columns)])
    return text.getvalue()


def _chinese(chance: Chance, number: int, on_date: date) -> dict[str, str]:
    area, city = chance.choice(CN_CITIES)
    given = "".join(chance.choice(GIVEN) for _ in range(chance.choice([1, 2, 2])))
    born = date(chance.randint(1962, 2003), chance.randint(1, 12), chance.randint(1, 28))
    return {
        "name": chance.choice(SURNAMES) + given,
        "identity_number": identity_number(area, born, chance.randint(0, 9)),
        "birth_date": born.isoformat(),
        "mobile": f"1990000{number % 10000:04d}",
        "email": f"cn{number}@{chance.choice(['example.com', 'example.org', 'example.net'])}",
        "address": f"{city}{chance.choice(CN_STREETS)}{chance.randint(1, 300)}号",
        "jurisdiction": "CN",
        "language": "zh-hans",
        "zones": "Asia/Shanghai",
        "currency": "CNY",
    }


def _american(chance: Chance, number: int, on_date: date) -> dict[str, str]:
    area, city, state, postcode, zone = chance.choice(US_PLACES)
    if chance.randint(1, 100) <= 8:
        area = chance.choice(US_PLACES)[0]
    born = date(chance.randint(1955, 2003), chance.randint(1, 12), chance.randint(1, 28))
    return {
        "name": f"{chance.choice(US_NAMES)} {chance.choice(US_SURNAMES)}",
        "identity_number": "",
        "birth_date": born.isoformat(),
        "mobile": f"+1{area}555{100 + number % 100:04d}",
        "email": f"us{number}@{chance.choice(['example.com', 'example.org', 'example.net'])}",
        "address": f"{chance.randint(1, 900)} {chance.choice(US_STREETS)}, {city}, {state} {postcode}",
        "jurisdiction": "US",
        "language": "en",
        "zones": zone,
        "currency": "USD",
    }


def identity_number(area: str, born: date, serial: int) -> str:
    """A mainland resident id (GB 11643-1999) with the check digit of ISO 7064 MOD 11-2.

    >>> identity_number("110101", date(1990, 3, 7), 1)
    '110101199003070011'
    """
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]

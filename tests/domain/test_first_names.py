"""G5: greetings by name: a first name is taken from a whole name only where it is sure which word it is."""

from __future__ import annotations

import pytest

from holdfast.domain.first_names import first_name_in


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ion Popescu", "Ion"),
        ("Popescu Ion", "Ion"),
        ("Popescu, Ion", "Ion"),
        ("POPESCU ANA MARIA", "Ana Maria"),
        ("Ana-Maria Popescu", "Ana-Maria"),
        ("Radu Popescu", "Radu"),
        ("Andrei Radu", "Andrei"),
        ("Dr. Kate Murphy", "Kate"),
        ("Fiona O'Donnell", "Fiona"),
        ("سارا رستمی", "سارا"),
        ("علی‌رضا کریمی", "علی‌رضا"),
        ("محمد رضا کریمی", "محمد رضا"),
        ("خانم مريم احمدی", "مريم"),
        ("Анна Иванова", "Анна"),
        ("Иванов Иван Иванович", "Иван"),
        ("Ярополк Игоревич Громов", "Ярополк"),
        ("Ким Андрей", "Андрей"),
        ("Иван Петров Стоянов", "Иван"),
    ],
)
def test_a_first_name_is_known_where_it_is_sure(name: str, first: str) -> None:
    assert first_name_in(name) == first


@pytest.mark.parametrize(
    "name",
    [
        *("", "Maria", "王伟", "chen weiming", "Xu Wei", "J. Smith", "Popescu Radu", "Radu Ion"),
        *("Maria Hotel SRL", "Ana și Mihai Pop", "Ann & Ben Byrne", "Kate2 Murphy", "Иван и Мария Колеви"),
        *("Popescu, Ion, Maria", ", Ion", "Zork Blat", "one two three four five six"),
    ],
)
def test_what_is_not_sure_stays_unknown(name: str) -> None:
    assert first_name_in(name) == ""

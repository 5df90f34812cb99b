"""The service of departments to each other: what passes between them, and an index for each."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.impact.internal.result import (
        Course,
        DepartmentService,
        InternalService,
        Passing,
        Point,
        Score,
    )
    from zaplecze.impact.internal.service import internal_service
    from zaplecze.impact.internal.survey import Answers, read_answers

__all__ = [
    "Answers",
    "Course",
    "DepartmentService",
    "InternalService",
    "Passing",
    "Point",
    "Score",
    "internal_service",
    "read_answers",
]

on_demand(__name__, {
    "result": ("Course", "DepartmentService", "InternalService", "Passing", "Point", "Score"),
    "service": ("internal_service",),
    "survey": ("Answers", "read_answers"),
})  # fmt: skip

"""The service of departments to each other: what passes between them, and an index for each."""

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

"""The process seen from its objects: every event counts once, whatever it belongs to."""

from zaplecze.process.objects.flattening import Convergence, Divergence, Flattening
from zaplecze.process.objects.graph import ObjectActivity, ObjectEdge, ObjectGraph, Participation
from zaplecze.process.objects.lifecycles import Lifecycle
from zaplecze.process.objects.measures import OBJECT_MEASURES
from zaplecze.process.objects.picture import objects_svg
from zaplecze.process.objects.relations import Related
from zaplecze.process.objects.synchronisation import Awaited, Synchronisation
from zaplecze.process.objects.view import ObjectView, objects

__all__ = [
    "OBJECT_MEASURES",
    "Awaited",
    "Convergence",
    "Divergence",
    "Flattening",
    "Lifecycle",
    "ObjectActivity",
    "ObjectEdge",
    "ObjectGraph",
    "ObjectView",
    "Participation",
    "Related",
    "Synchronisation",
    "objects",
    "objects_svg",
]

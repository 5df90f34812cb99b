"""Pages about workspaces: each reads, lets the library draw, and renders."""

from contextlib import closing

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zaplecze.process import map_svg, sensible_shares
from zaplecze.web.insight import outputs, selectors, services
from zaplecze.web.insight.board import board
from zaplecze.web.insight.forms import MapForm
from zaplecze.web.insight.models import Workspace
from zaplecze.web.ui.templatetags.texts import page_language

ROWS_A_PAGE = 50


@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    """All workspaces; whoever runs the installation also sees what was taken off the list."""
    context = {"entries": selectors.entries()}
    if request.user.is_superuser:
        context["removed"] = Workspace.objects.removed()
    return render(request, "insight/workspaces.html", context)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask whether to take a workspace off the list, and do it."""
    _only_who_runs_it(request)
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    if request.method == "POST":
        services.remove(workspace, now=timezone.now())
        messages.success(request, _("Removed from the list. The folder was left as it is."))
        return redirect("insight:workspaces")
    return render(request, "insight/remove.html", {"workspace": workspace})


@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a workspace again that was taken off the list."""
    _only_who_runs_it(request)
    workspace = get_object_or_404(Workspace.objects.removed(), slug=slug)
    services.restore(workspace)
    return redirect(workspace)


@require_safe
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """What it costs, what to do first, the ranking, and one card a lever."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    report = board(workspace.path, page_language())
    context = {
        "workspace": workspace,
        "report": report.document,
        "whole": report.whole,
        "examined": report.examined,
    }
    return render(request, "insight/findings.html", context)


@require_safe
def finding(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One finding."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    report = board(workspace.path, page_language())
    shown = report.finding(key)
    if shown is None:
        raise Http404
    context = {"workspace": workspace, "report": report.document, "finding": shown}
    return render(request, "insight/finding.html", context)


@require_safe
def process(request: HttpRequest, slug: str) -> HttpResponse:
    """The process map and its table."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    run = outputs.load(workspace.path)
    form = MapForm(request.GET.dict(), sensible_shares(run.graph))
    context = {
        "workspace": workspace,
        "found": run.findings,
        "graph": run.graph,
        "message": selectors.process_message(run.graph),
        "form": form,
        "drawing": mark_safe(map_svg(run.graph, page_language(), **form.chosen())),
        "arrows": selectors.arrows(run.graph),
    }
    return render(request, "insight/process.html", context)


@require_safe
def not_used(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows and the variables that were not used, and why."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    found = outputs.load(workspace.path).findings
    with closing(outputs.load_log(workspace.path)) as log:
        pages = Paginator(selectors.RefusedRows(log), ROWS_A_PAGE)
        context = {
            "workspace": workspace,
            "message": selectors.refused_message(log),
            "warnings": found.workspace.warnings,
            "groups": selectors.refused_groups(log),
            "page": pages.get_page(request.GET.get("page")),
            "variables": selectors.refused_variables(found),
        }
    return render(request, "insight/not_used.html", context)


@require_safe
def downloads(request: HttpRequest, slug: str) -> HttpResponse:
    """The files to take along."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    context = {"workspace": workspace, "files": selectors.available_downloads(workspace.path)}
    return render(request, "insight/downloads.html", context)


@require_safe
def download(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """One of the files, to be saved and never to be shown as a page of this site."""
    workspace = get_object_or_404(Workspace.objects.shown(), slug=slug)
    file = outputs.download(workspace.path, name)
    if file is None:
        raise Http404
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{workspace.slug}-{name}",
        content_type=outputs.DOWNLOADS[name],
    )


def _only_who_runs_it(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied

"""What is wrong with how a command was called, in the user's language.

Typer says it in English only; its sentences are recognised here and said again.
"""

import re

from zaplecze.language import N_, Text, say

_SENTENCES = (
    (r"Missing command\.", N_("A command is missing.")),
    (r"No such command '(?P<name>.*)'\. Did you mean (?P<close>.*)\?",
     N_("There is no command '{name}'. Did you mean {close}?")),
    (r"No such command '(?P<name>.*)'\.", N_("There is no command '{name}'.")),
    (r"No such option: (?P<name>\S*) \(Possible options: (?P<close>.*)\)",
     N_("There is no option {name}. Did you mean {close}?")),
    (r"No such option: (?P<name>\S*)", N_("There is no option {name}.")),
    (r"Missing option (?P<name>.*?)\..*", N_("The option {name} is missing.")),
    (r"Missing argument (?P<name>.*?)\..*", N_("The argument {name} is missing.")),
    (r"Option '(?P<name>.*)' requires an argument\.", N_("The option {name} needs a value.")),
    (r"Option '(?P<name>.*)' does not take a value\.", N_("The option {name} takes no value.")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)",
     N_("There is too much here: {words}.")),
    (r"Invalid value for (?P<name>.*?): (?:Value error, )?(?P<value>'.*') is not one of (?P<choices>.*)\.",
     N_("{name}: {value} is none of {choices}.")),
    (r"Invalid value for (?P<name>.*?): .*valid (?:integer|number).*",
     N_("{name}: this is not a number.")),
    (r"Invalid value for (?P<name>.*?): path (?P<value>'.*') does not exist\.",
     N_("{name}: {value} does not exist.")),
    (r"Invalid value for (?P<name>.*?): file (?P<value>'.*') does not exist\.",
     N_("{name}: there is no file {value}.")),
    (r"Invalid value for (?P<name>.*?): dir (?P<value>'.*') does not exist\.",
     N_("{name}: there is no folder {value}.")),
    (r"Invalid value for (?P<name>.*?): .*? (?P<value>'.*') is a directory\.",
     N_("{name}: {value} is a folder, not a file.")),
    (r"Invalid value for (?P<name>.*?): .*? (?P<value>'.*') is a file\.",
     N_("{name}: {value} is a file, not a folder.")),
)  # fmt: skip


def usage_error(error: Exception) -> Text:
    """The message of an exception of Typer, with where to read on.

    A sentence that is not known here stays as Typer says it, in English.
    """
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return Text.same(str(error))
    fault = _said_again(error.format_message() if hasattr(error, "format_message") else str(error))
    command = context.command_path if context else "zaplecze"
    return say(N_("{fault} See '{command} --help'."), fault=fault, command=command)


def _said_again(message: str) -> Text:
    for pattern, sentence in _SENTENCES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return say(sentence, **match.groupdict())
    return Text.same(message)

package dev.heddle.cli;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.util.List;

/**
 * The command {@code heddle completion}: prints what a shell needs to complete commands and options, made from their
 * help.
 */
final class CompletionCommand extends Command {

    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    CompletionCommand() {
        super("completion", "print a completion script for a shell", """
                Usage: heddle completion bash|zsh|fish

                Prints a script that completes heddle's commands and options. To install it:

                    bash   d=~/.local/share/bash-completion/completions
                           mkdir -p $d && heddle completion bash > $d/heddle
                    zsh    heddle completion zsh > DIR/_heddle, where DIR is in $fpath
                    fish   heddle completion fish > ~/.config/fish/completions/heddle.fish
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        if (arguments.size() != 1) {
            throw new UsageException("name one shell: " + String.join(", ", SHELLS));
        }
        stdio.result(
                switch (arguments.getFirst()) {
                    case "bash" -> bash();
                    case "zsh" -> zsh();
                    case "fish" -> fish();
                    default ->
                        throw new UsageException(
                                "unknown shell " + HumanFormat.printable(arguments.getFirst()) + "; known are "
                                        + String.join(", ", SHELLS));
                });
        return Exit.FINE;
    }

    private static List<HelpText.Option> options(Command command) {
        return new HelpText(command.help()).options();
    }

    private static String bash() {
        var script = new StringBuilder("""
                # Completion of heddle for bash.
                _heddle() {
                  local word=${COMP_WORDS[COMP_CWORD]} options=
                  if ((COMP_CWORD == 1)); then
                    options='--help --version""");
        Commands.listed().forEach(command -> script.append(' ').append(command.name()));
        script.append("'\n  else\n    case ${COMP_WORDS[1]} in\n");
        for (Command command : Commands.listed()) {
            script.append("      ").append(command.name()).append(") options='");
            for (HelpText.Option option : options(command)) {
                script.append(option.letter() == null ? "" : option.letter() + " ").append(option.word()).append(' ');
            }
            script.append("' ;;\n");
        }
        return script.append("""
                    esac
                  fi
                  COMPREPLY=()
                  if ((COMP_CWORD == 1)) || [[ $word == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
                  fi
                }
                complete -o default -F _heddle heddle
                """).toString();
    }

    private static String zsh() {
        var script = new StringBuilder("""
                #compdef heddle
                # Completion of heddle for zsh.
                _heddle() {
                  local -a commands=(
                """);
        for (Command command : Commands.listed()) {
            script.append("    '").append(command.name()).append(':').append(zshWords(command.summary())).append("'\n");
        }
        script.append("""
                  )
                  if ((CURRENT == 2)); then
                    _describe command commands
                    return
                  fi
                  local command=$words[2]
                  shift words
                  ((CURRENT--))
                  case $command in
                """);
        for (Command command : Commands.listed()) {
            script.append("    ").append(command.name()).append(")\n      _arguments -s");
            for (HelpText.Option option : options(command)) {
                script.append(" \\\n        ").append(zsh(option));
            }
            script.append(" \\\n        '*:file:_files' ;;\n");
        }
        return script.append("  esac\n}\n_heddle \"$@\"\n").toString();
    }

    private static String zsh(HelpText.Option option) {
        String words = "[" + zshWords(option.brief()) + "]";
        String value = option.argument() == null ? "" : ":" + option.argument() + ":_files";
        return option.letter() == null
                ? "'*" + option.word() + words + value + "'"
                : "'*'{" + option.letter() + "," + option.word() + "}'" + words + value + "'";
    }

    private static String zshWords(String text) {
        return text.replace("'", "'\\''").replace(":", "\\:").replace("[", "\\[").replace("]", "\\]");
    }

    private static String fish() {
        var script = new StringBuilder("# Completion of heddle for fish.\n");
        for (Command command : Commands.listed()) {
            script.append("complete -c heddle -n __fish_use_subcommand -f -a ").append(command.name())
                    .append(" -d ").append(fishWords(command.summary())).append('\n');
            for (HelpText.Option option : options(command)) {
                script.append("complete -c heddle -n '__fish_seen_subcommand_from ").append(command.name()).append("'")
                        .append(option.letter() == null ? "" : " -s " + option.letter().substring(1))
                        .append(" -l ").append(option.word().substring(2))
                        .append(option.argument() == null ? "" : " -r")
                        .append(" -d ").append(fishWords(option.brief())).append('\n');
            }
        }
        return script.toString();
    }

    private static String fishWords(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

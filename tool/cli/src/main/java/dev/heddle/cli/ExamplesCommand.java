package dev.heddle.cli;

import dev.heddle.cli.Examples.Example;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The command {@code heddle examples}: lists the example programs, or prints one. */
final class ExamplesCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax();

    ExamplesCommand() {
        super("examples", "list the example programs, or print one", """
                Usage: heddle examples [NAME]

                Lists the example programs that come with Heddle, by topic, each with what it shows. With a NAME,
                prints that program's source.

                    heddle run NAME      runs it

                Exit: 0; 1 if the examples are not there, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        List<String> names = SYNTAX.parse(arguments).rest();
        if (names.size() > 1) {
            throw new UsageException("one name at a time");
        }
        Examples examples = Examples.find();
        stdio.result(names.isEmpty() ? list(examples) : source(examples, names.getFirst()));
        return Exit.FINE;
    }

    private static String list(Examples examples) throws IOException {
        int width = examples.all().stream().mapToInt(example -> example.name().length()).max().orElse(0);
        var text = new StringBuilder();
        String idea = "";
        for (Example example : examples.all()) {
            if (!example.idea().equals(idea)) {
                text.append(idea.isEmpty() ? "" : "\n").append(example.idea()).append('\n');
                idea = example.idea();
            }
            text.append("  ").append(example.name()).repeat(' ', width - example.name().length() + 2);
            text.append(example.summary()).append('\n');
        }
        return text.toString();
    }

    private static String source(Examples examples, String name) throws IOException {
        Example example = examples.named(name)
                .orElseThrow(() -> new UsageException("no such example: " + examples.missing(name)));
        return Files.readString(example.file());
    }
}

package dev.heddle.cli;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/** The command {@code heddle new}: a project to begin with, of files that come with the command. */
final class NewCommand extends Command {

    private static final String KIND = "--kind";
    private static final String PACKAGE = "--package";
    private static final List<String> KINDS = List.of("service", "worker", "script");

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option(KIND).option(PACKAGE);

    NewCommand() {
        super("new", "make a project to begin with", """
                Usage: heddle new NAME [OPTION...]

                Makes the directory NAME with a project that Maven builds and tests, or NAME.java. Takes what it
                needs from this command, and nothing from the network.

                      --kind KIND        service (the default): an HTTP server with probes, metrics and an orderly
                                         stop; worker: a piece of work again and again, and an orderly stop;
                                         script: one file for "heddle run"
                      --package PACKAGE  of the sources; org.example.NAME if you do not say

                Before the first build "heddle install" puts Heddle into Maven's local repository.

                Example: heddle new greeter && cd greeter && mvn package

                Exit: 0; 1 if there is something of this name, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments given = SYNTAX.parse(arguments);
        if (given.rest().size() != 1) {
            throw new UsageException("one NAME is needed");
        }
        String kind = given.name(KIND, "a kind").orElse(KINDS.getFirst());
        if (!KINDS.contains(kind)) {
            throw new UsageException("no such kind: " + HumanFormat.printable(kind) + "; there are "
                    + String.join(", ", KINDS));
        }
        Path place = Path.of(given.rest().getFirst());
        String name = Objects.requireNonNullElse(place.getFileName(), place).toString();
        if (kind.equals("script")) {
            return script(place, name, stdio);
        }
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new UsageException("a NAME is small letters, digits and -: " + HumanFormat.printable(name));
        }
        String inside = given.name(PACKAGE, "a package").orElse("org.example." + name.replace("-", ""));
        if (!SourceVersion.isName(inside)) {
            throw new UsageException("no name of a package: " + HumanFormat.printable(inside));
        }
        requireFree(place);
        for (Map.Entry<String, String> file : files(kind, inside.replace('.', '/')).entrySet()) {
            String text = text(file.getKey()).replace("${package}", inside).replace("${artifactId}", name)
                    .replace("${groupId}", inside).replace("${version}", "1.0");
            write(place.resolve(file.getValue()), kind.equals("worker") ? ofWorker(text) : text);
        }
        stdio.result(
                "made " + HumanFormat.printable(place.toString()) + ", a " + kind + "; \"mvn package\" in it builds"
                        + " and tests it\n");
        return Exit.FINE;
    }

    private static int script(Path place, String name, CommandStreams stdio) throws IOException {
        if (!SourceVersion.isName(name)) {
            throw new UsageException("the NAME of a script is that of a class: " + HumanFormat.printable(name));
        }
        Path file = place.resolveSibling(name + ".java");
        requireFree(file);
        write(file, text("script/Script.java").replace("${artifactId}", name));
        stdio.result("made " + HumanFormat.printable(file.toString()) + "; \"heddle run\" runs it\n");
        return Exit.FINE;
    }

    /** Where each file of the archetype, or of a kind of its own, goes. */
    private static Map<String, String> files(String kind, String directory) {
        boolean service = kind.equals("service");
        String main = service ? "Service.java" : "Worker.java";
        String test = main.replace(".java", "Test.java");
        Map<String, String> files = new LinkedHashMap<>();
        Stream.of("pom.xml", "Dockerfile", ".dockerignore").forEach(each -> files.put("service/" + each, each));
        files.put(kind + "/README.md", "README.md");
        files.put(kind + "/src/main/java/" + main, "src/main/java/" + directory + "/" + main);
        files.put(kind + "/src/test/java/" + test, "src/test/java/" + directory + "/" + test);
        return files;
    }

    /** What is a service's, in the files that both have. */
    private static String ofWorker(String text) {
        return text.replace(".Service<", ".Worker<").replace("service.jar", "worker.jar")
                .replace("EXPOSE 8080\n", "").replace("reaches the service,", "reaches the worker,");
    }

    private static void requireFree(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> there = Files.list(place)) {
                if (there.findAny().isEmpty()) {
                    return;
                }
            }
        }
        if (Files.exists(place)) {
            throw new FailureException("there is something already: " + HumanFormat.printable(place.toString()));
        }
    }

    private static String text(String name) throws IOException {
        try (InputStream in = NewCommand.class.getResourceAsStream("project/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Files.writeString(file, text);
    }
}

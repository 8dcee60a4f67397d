package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.spi.ToolProvider;

/** The programs of {@code build}, each compiled once for all tests: from its source a start takes a second. */
final class BuildProgram {

    private static final Path BUILD = Path.of("..", "..", "build");

    private static final Map<String, Path> COMPILED = new ConcurrentHashMap<>();

    private BuildProgram() {}

    /** The command that starts a program from its source, as the build does. */
    static List<String> source(Path file) {
        return List.of(java(), "-XX:TieredStopAtLevel=1", file.toString());
    }

    /** The command that starts it quicker. */
    static List<String> compiled(String name) {
        Path classes = COMPILED.computeIfAbsent(name, BuildProgram::compile);
        return List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes.toString(), name);
    }

    private static Path compile(String name) {
        try {
            Path classes = Files.createDirectories(Path.of("target", "build", name));
            assertEquals(0, ToolProvider.findFirst("javac").orElseThrow().run(
                    System.out, System.err, "-d", classes.toString(), BUILD.resolve(name + ".java").toString()));
            return classes.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}

package dev.heddle.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sides in Kotlin; their program is in the directory kotlin, with a build of its own. */
final class Kotlin {

    private static final Path CLASSES = Home.KOTLIN_BUILD.resolve("classes");
    private static final Path LIBRARIES = Home.KOTLIN_BUILD.resolve("lib");
    private static final Need BUILT = new Need(
            "a build of yard/bench/kotlin, which yard/bench/run makes when Maven can download the Kotlin compiler",
            () -> Files.isDirectory(CLASSES));

    private Kotlin() {}

    /**
     * @param workload a case of the main function in Peer.kt
     * @param operations how many a round has
     * @param options what its JVM gets
     */
    static Side coroutines(String workload, int operations, String... options) {
        return side("Kotlin coroutines", workload, operations, options);
    }

    static Side sequence(String workload, int operations) {
        return side("Kotlin sequence", workload, operations);
    }

    static Stream<Path> jars() {
        String[] names = LIBRARIES.toFile().list();
        return names == null ? Stream.of() : Stream.of(names).map(LIBRARIES::resolve);
    }

    private static Side side(String name, String workload, int operations, String... options) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(options));
        line.addAll(List.of(
                "-cp",
                CLASSES + File.pathSeparator + LIBRARIES + "/*",
                "dev.heddle.bench.PeerKt",
                workload,
                Integer.toString(operations)));
        return Side.command(name, line).needing(BUILT);
    }
}

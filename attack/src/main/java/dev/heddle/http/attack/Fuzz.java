package dev.heddle.http.attack;

import dev.heddle.http.FuzzTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Fuzzes each target in a JVM of its own, with Jazzer leading by coverage.
 *
 * <p>Arguments: the seconds for each, then the names of {@link FuzzTarget} to fuzz, or none for all. What was found and
 * what covers most is kept in {@code attack/target/fuzz/} and is where the next run begins.
 */
public final class Fuzz {

    private static final Path FOLDER = Path.of("attack", "target", "fuzz").toAbsolutePath();

    /** Names the target to the JVM that fuzzes. */
    static final String TARGET = "heddle.fuzz.target";

    private Fuzz() {}

    static void main(String... arguments) throws IOException, InterruptedException {
        List<FuzzTarget> targets = new ArrayList<>();
        for (String name : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            targets.add(FuzzTarget.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        int failures = 0;
        for (FuzzTarget target : targets.isEmpty() ? List.of(FuzzTarget.values()) : targets) {
            System.out.println("---- " + target);
            failures += fuzz(target, Integer.parseInt(arguments[0])) == 0 ? 0 : 1;
        }
        if (failures > 0) {
            System.err.println(failures + " targets failed; the bytes are in " + FOLDER);
            System.exit(1);
        }
    }

    private static int fuzz(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve(target.name().toLowerCase(Locale.ROOT)));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-D" + TARGET + "=" + target, "-classpath",
                System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=dev.heddle.**:org.eclipse.jetty.http.**", "-max_total_time=" + seconds,
                "-max_len=4096", "-verbosity=0", corpus.toString());
        // In its folder, since that is where the fuzzer leaves what it finds.
        return new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
    }
}

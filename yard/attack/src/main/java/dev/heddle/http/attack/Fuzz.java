package dev.heddle.http.attack;

import dev.heddle.http.FuzzCorpus;
import dev.heddle.http.FuzzTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The fuzzing of each target in a JVM of its own, with Jazzer leading by coverage.
 *
 * <p>Arguments: the seconds for each, whether to keep what was found, then the names of {@link FuzzTarget} to fuzz, or
 * none for all. It begins with the seeds, with what {@link FuzzCorpus} has kept, and with what earlier runs have left in
 * {@code yard/attack/target/fuzz/}. To keep is to write into {@link FuzzCorpus} the fewest of all these that lead to every
 * branch any of them leads to, beside the seeds; with 0 seconds nothing else is done.
 */
public final class Fuzz {

    private static final Path FOLDER = Path.of("attack", "target", "fuzz").toAbsolutePath();

    /** Where what is kept lies, for the tests of each build. */
    private static final Path RESOURCES = Path.of("http", "src", "test", "resources");

    /** Names the target to the JVM that fuzzes. */
    static final String TARGET = "heddle.fuzz.target";

    private Fuzz() {}

    static void main(String... arguments) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(arguments[0]);
        boolean keep = Boolean.parseBoolean(arguments[1]);
        List<FuzzTarget> targets = new ArrayList<>();
        for (String name : Arrays.copyOfRange(arguments, 2, arguments.length)) {
            targets.add(FuzzTarget.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        int failures = 0;
        for (FuzzTarget target : targets.isEmpty() ? List.of(FuzzTarget.values()) : targets) {
            System.out.println("---- " + target);
            failures += (seconds == 0 || fuzz(target, seconds)) && (!keep || keep(target)) ? 0 : 1;
        }
        if (failures > 0) {
            System.err.println(failures + " targets failed; the bytes are in " + FOLDER);
            System.exit(1);
        }
    }

    private static boolean fuzz(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder(target).resolve("corpus"));
        write(corpus, "seed", target.seeds());
        write(corpus, "kept", FuzzCorpus.of(target));
        return jazzer(target, "-max_total_time=" + seconds, corpus.toString());
    }

    /** Counts branches, not how often each was taken: otherwise almost every message would be one of a kind. */
    private static boolean keep(FuzzTarget target) throws IOException, InterruptedException {
        Path all = Files.createDirectories(folder(target).resolve("corpus"));
        write(all, "kept", FuzzCorpus.of(target));
        Path few = folder(target).resolve("few");
        clear(few);
        write(few, "seed", target.seeds());
        if (!jazzer(target, "-merge=1", "-use_counters=0", "-use_value_profile=0", few.toString(), all.toString())) {
            return false;
        }
        var kept = new ArrayList<byte[]>();
        for (Path file : files(few)) {
            if (!file.getFileName().toString().startsWith("seed")) {
                kept.add(Files.readAllBytes(file));
            }
        }
        FuzzCorpus.write(RESOURCES, target, kept);
        System.out.println(kept.size() + " of " + files(all).size() + " messages kept");
        return true;
    }

    private static boolean jazzer(FuzzTarget target, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-D" + TARGET + "=" + target, "-classpath",
                System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=dev.heddle.**:org.eclipse.jetty.http.**", "-max_len=4096", "-verbosity=0"));
        command.addAll(List.of(arguments));
        // In its folder, since that is where the fuzzer leaves what it finds.
        return new ProcessBuilder(command).directory(folder(target).toFile()).inheritIO().start().waitFor() == 0;
    }

    private static Path folder(FuzzTarget target) throws IOException {
        return Files.createDirectories(FOLDER.resolve(target.name().toLowerCase(Locale.ROOT)));
    }

    private static void write(Path folder, String name, List<byte[]> messages) throws IOException {
        int number = 0;
        for (byte[] message : messages) {
            Files.write(folder.resolve(name + "-" + number++), message);
        }
    }

    private static void clear(Path folder) throws IOException {
        for (Path file : files(Files.createDirectories(folder))) {
            Files.delete(file);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }
}

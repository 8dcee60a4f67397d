package dev.heddle.process;

import dev.heddle.Heddle;
import dev.heddle.process.internal.PrivateDirectory;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.Marshaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The main class of the process that makes a {@link StartCache}: starts a child, has it do a little of everything, and
 * lets it end.
 */
final class StartCacheMain {

    private static final Duration ASSEMBLY_LIMIT = Duration.ofMinutes(5);
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);

    /** Each takes some 20 MB. */
    private static final int MAX_CACHES = 8;

    /** Something to take apart. */
    private record Sample(String name, int number) {}

    private StartCacheMain() {}

    /** Takes the file to make, and the user's arguments for the JVM. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Path fresh = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            train(fresh, List.of(arguments).subList(1, arguments.length));
        } catch (Exception e) {
            // Then there is none, below.
        }
        try {
            if (!Files.exists(fresh)) {
                // Not again at each start.
                Files.createFile(fresh);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(StartCache.claim(file));
            purge(Objects.requireNonNull(file.getParent()));
        }
    }

    private static void train(Path fresh, List<String> jvmArguments) throws Exception {
        List<String> command = new ArrayList<>(JavaCommand.start(jvmArguments));
        // Only G1 writes the heap of a cache; all collectors read it.
        command.replaceAll(argument -> argument.equals("-XX:+UseSerialGC") ? "-XX:+UseG1GC" : argument);
        command.add("-XX:AOTCacheOutput=" + fresh);
        command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
        command.add(WorkerMain.class.getName());
        Marshaller marshaller = Marshaller.of(ProcessPoolOptions.DEFAULT.maxBytes(), List.of());
        var start = new WorkerProcess.Start("training", () -> command, () -> null, marshaller,
                new ChildOutput("training", WorkerOutput.DROPPED), ASSEMBLY_LIMIT);
        RemoteCallable<Object> body = () -> List.of(new Sample("one", 1), "two", 3.0, 4L);
        RemoteFunction<Integer, Integer> function = i -> i + 1;
        Heddle.run(() -> {
            WorkerProcess child = WorkerProcess.start(start, process -> {});
            child.during(() -> {
                for (Work work : List.of(
                        new Work(body, List.of(), List.of()), new Work(function, List.of(1, 2), List.of()))) {
                    child.run(marshaller.encode("the work", work)).get();
                }
                child.end();
                while (child.receive() == null) {
                    // Until it is gone.
                }
                return true;
            });
        });
    }

    /** Removes what was left behind, and the oldest caches: other versions of the JDK, of Heddle, or of a program. */
    static void purge(Path directory) throws IOException {
        List<Path> caches = new ArrayList<>();
        for (Path each : PrivateDirectory.contents(directory)) {
            if (each.toString().endsWith(".aot")) {
                caches.add(each);
            } else if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && StartCache.isOlder(each, LEFT_BEHIND)) {
                // Directories are the command's own caches.
                Files.deleteIfExists(each);
            }
        }
        caches.sort(Comparator.comparingLong((Path cache) -> cache.toFile().lastModified()).reversed());
        for (Path each : caches.subList(Math.min(MAX_CACHES, caches.size()), caches.size())) {
            Files.deleteIfExists(each);
        }
    }
}

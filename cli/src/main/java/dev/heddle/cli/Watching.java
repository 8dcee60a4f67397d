package dev.heddle.cli;

import static dev.heddle.Heddle.offload;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.script.ClassPath;
import dev.heddle.cli.script.ScriptArguments;
import dev.heddle.cli.script.ScriptMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program that is started again when its source, what that uses, or what is on its own class path changes.
 *
 * <pre>
 *   compile ──▶ run ──a change──▶ compile ──▶ SIGTERM, five seconds, SIGKILL ──▶ run
 *      │         ├──it ends──▶ wait for a change             │
 *      └─────────┴── does not compile: that is told, what runs goes on
 * </pre>
 *
 * <p>Ctrl-C ends it and the program. Owned by the command's task.
 */
final class Watching {

    /** Editors write a file in several steps: what comes within this belongs to the same change. */
    private static final long QUIET_MILLIS = 30;

    /** What a program has to end after SIGTERM. */
    static final long GRACE_SECONDS = 5;

    /** Directories of classes below one of the class path that are looked at. */
    static final int MAX_DIRECTORIES = 1_000;

    /** What ends it by the same Ctrl-C is not told of as having ended. */
    private static final long SIGNAL_MILLIS = 300;

    private static final String SOURCE = ".java";

    private final ScriptArguments arguments;
    private final Path file;
    private final CommandStreams stdio;
    private final Supplier<Process> starter;
    private final List<Path> classPath;
    private final Map<WatchKey, Path> watched = new HashMap<>();
    private final Set<Path> sources = new HashSet<>();
    private volatile @Nullable Process running;

    /** Of what does not compile nobody knows what else it is made of: any source file may be what it lacks. */
    private boolean compiles;

    /**
     * @param file the program
     * @param starter starts it
     * @throws UsageException if the arguments name what is not there
     */
    Watching(ScriptArguments arguments, Path file, CommandStreams stdio, Supplier<Process> starter) {
        this.arguments = arguments;
        this.file = file;
        this.stdio = stdio;
        this.starter = starter;
        classPath = ClassPath.of(arguments.classPaths()).entries();
        sources.add(file.toAbsolutePath().normalize());
    }

    /** Runs it until a signal comes, whose exit code is returned. */
    int run() throws IOException {
        try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
            try {
                return Heddle.run(CommandLoops.CONFIG, () -> offload(() -> loop(watcher)));
            } catch (CancelledException e) {
                return Exit.of(e);
            }
        }
    }

    private int loop(WatchService watcher) throws Exception {
        try {
            while (true) {
                restart(watcher);
                awaitChange(watcher);
            }
        } finally {
            stop();
        }
    }

    private void restart(WatchService watcher) throws IOException {
        try {
            watch(watcher);
            compiles = false;
            try {
                ScriptMain.compile(arguments, file, sources::add);
                compiles = true;
            } finally {
                watch(watcher);
            }
            stop();
            Process started = starter.get();
            running = started;
            var _ = started.onExit().thenRunAsync(() -> tellEnd(started),
                    CompletableFuture.delayedExecutor(SIGNAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (FailureException | UsageException e) {
            stdio.tell("heddle run: " + e.getMessage() + "\nheddle run: "
                    + (isRunning() ? "what runs goes on until the next change\n" : "waiting for a change\n"));
        }
    }

    private void tellEnd(Process ended) {
        if (ended == running) {
            stdio.tell("heddle run: ended with " + ended.exitValue() + "; waiting for a change\n");
        }
    }

    private boolean isRunning() {
        Process now = running;
        return now != null && now.isAlive();
    }

    /** Ends the program, if it runs; not interrupted until that is done. */
    private void stop() {
        Process old = running;
        running = null;
        if (old == null || !old.isAlive()) {
            return;
        }
        old.destroy();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
        while (old.isAlive()) {
            try {
                if (!old.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    old.destroyForcibly();
                    end = Long.MAX_VALUE;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Looks at the directories of the sources, those of the jars, and those of classes with all below them; where one
     * is not there, at what would hold it.
     */
    private void watch(WatchService watcher) throws IOException {
        var directories = new HashSet<Path>();
        for (Path source : sources) {
            directories.add(existing(source.getParent()));
        }
        for (Path one : classPath) {
            if (Files.isDirectory(one)) {
                directories.addAll(below(one));
            } else {
                directories.add(existing(one.getParent()));
            }
        }
        directories.removeAll(watched.values());
        for (Path directory : directories) {
            try {
                watched.put(directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE), directory);
            } catch (NoSuchFileException | NotDirectoryException gone) {
                // Who has taken it away is told of by what held it, or makes it anew: then it is looked at again.
            }
        }
    }

    /** The directory, or the nearest above it that is there. */
    private static Path existing(@Nullable Path directory) {
        Path one = directory;
        while (one != null && !Files.isDirectory(one)) {
            one = one.getParent();
        }
        return one == null ? Path.of("/") : one;
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isDirectory).limit(MAX_DIRECTORIES).toList();
        } catch (IOException | UncheckedIOException beingChanged) {
            return List.of(directory);
        }
    }

    private void awaitChange(WatchService watcher) throws InterruptedException {
        boolean changed = false;
        while (true) {
            WatchKey key = changed ? watcher.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : watcher.take();
            if (key == null) {
                return;
            }
            for (WatchEvent<?> event : key.pollEvents()) {
                changed |= counts(watched.get(key), event);
            }
            if (!key.reset()) {
                watched.remove(key);
            }
        }
    }

    private boolean counts(@Nullable Path directory, WatchEvent<?> event) {
        if (directory == null || !(event.context() instanceof Path name)) {
            // More than could be told of.
            return true;
        }
        Path file = directory.resolve(name);
        return (!compiles && name.toString().endsWith(SOURCE))
                || sources.stream().anyMatch(one -> one.startsWith(file))
                || classPath.stream().anyMatch(one -> one.startsWith(file)
                        || (Files.isDirectory(one) && file.startsWith(one)));
    }
}

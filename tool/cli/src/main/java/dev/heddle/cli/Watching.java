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
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
 * <p>So that a restart takes no longer than it must, the compiler is at work with the first sign of a change, and what
 * comes meanwhile is compiled after it; and when the program has run for a while, the next JVM is started, which waits
 * ({@link StandbyJvm}) and prepares the program while the old one ends.
 *
 * <p>Ctrl-C ends it and the program. Owned by the command's task.
 */
final class Watching {

    /** Editors write a file in several steps: what comes within this belongs to the same change. */
    private static final long QUIET_MILLIS = 30;

    /** What never rests is compiled so often for one restart. */
    private static final int MAX_COMPILES = 4;

    /** What a program has to itself, before the next JVM and the compiler are made ready beside it. */
    private static final long SETTLE_MILLIS = 1_000;

    /** What a program has to end after SIGTERM. */
    static final long GRACE_SECONDS = 5;

    /** What ends it by the same Ctrl-C is not told of as having ended. */
    private static final long SIGNAL_MILLIS = 300;

    private final ScriptArguments arguments;
    private final Path file;
    private final CommandStreams stdio;
    private final Function<List<String>, Process> starter;
    private final boolean standsBy;
    private final SourceChanges changes;
    private volatile @Nullable Process running;
    private @Nullable StandbyJvm standby;
    private boolean isWarm;

    /**
     * @param file the program
     * @param standsBy whether a second JVM of it may be there, before the first one has ended
     * @param starter starts it, with more options for its JVM
     * @throws UsageException if the arguments name what is not there
     */
    Watching(ScriptArguments arguments, Path file, CommandStreams stdio, boolean standsBy,
            Function<List<String>, Process> starter) throws IOException {
        this.arguments = arguments;
        this.file = file;
        this.stdio = stdio;
        this.standsBy = standsBy;
        this.starter = starter;
        changes = new SourceChanges(file, ClassPath.of(arguments.classPaths()).entries());
    }

    /** Runs it until a signal comes, whose exit code is returned. */
    int run() throws IOException {
        try (changes) {
            return Heddle.run(CommandLoops.CONFIG, () -> offload(this::loop));
        } catch (CancelledException e) {
            return Exit.of(e);
        }
    }

    private int loop() throws Exception {
        try {
            while (true) {
                restart();
                if (!changes.within(SETTLE_MILLIS)) {
                    prepareNext();
                    changes.await();
                }
            }
        } finally {
            leaveStandby();
            stop();
        }
    }

    private void restart() throws IOException, InterruptedException {
        var messages = new StringWriter();
        String failure = compile(messages);
        // What was compiled, or could not be, may be half of a change.
        for (int i = 1; i < MAX_COMPILES && changes.within(failure == null ? 0 : QUIET_MILLIS); i++) {
            messages = new StringWriter();
            failure = compile(messages);
        }
        stdio.tell(messages.toString());
        if (failure == null) {
            replace();
        } else {
            stdio.tell("heddle run: " + failure + "\nheddle run: "
                    + (isRunning() ? "the program keeps running until the next change\n" : "waiting for a change\n"));
        }
    }

    /** Compiles it; gives the reason if it does not. */
    private @Nullable String compile(StringWriter messages) throws IOException {
        changes.look();
        boolean compiles = false;
        try {
            ScriptMain.compile(arguments, file, new PrintWriter(messages), changes::add);
            compiles = true;
            return null;
        } catch (FailureException | UsageException e) {
            return e.getMessage();
        } finally {
            changes.lookAtAll(!compiles);
            changes.look();
        }
    }

    private void replace() {
        StandbyJvm next = standby;
        boolean prepares = next != null && next.prepare();
        stop();
        Process started = next != null && prepares ? next.run() : null;
        if (started != null) {
            standby = null;
        }
        leaveStandby();
        try {
            begin(started == null ? starter.apply(List.of()) : started);
        } catch (FailureException | UsageException e) {
            stdio.tell("heddle run: " + e.getMessage() + "\nheddle run: waiting for a change\n");
        }
    }

    private void begin(Process started) {
        running = started;
        var _ = started.onExit().thenRunAsync(() -> tellEnd(started),
                CompletableFuture.delayedExecutor(SIGNAL_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Makes the next restart a fast one, by then. */
    private void prepareNext() {
        if (standsBy && standby == null) {
            standby = StandbyJvm.start(option -> starter.apply(List.of(option)));
        }
        if (!isWarm) {
            isWarm = true;
            ScriptMain.warmUp(arguments, file);
        }
    }

    private void leaveStandby() {
        StandbyJvm one = standby;
        standby = null;
        if (one != null) {
            one.close();
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
}

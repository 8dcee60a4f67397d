package dev.heddle.process;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.Marshaller;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child in a simulation: a task instead of a JVM, with a copy of the body. */
final class SpawnedTask implements JvmProcess.Running {

    private static final int FAILED = 1;
    private static final int SIGNALLED = 128;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int PID_BITS = 0x3fffff;

    private final long pid = number();
    private final String name;
    private final Promise<Integer> exit;
    private @Nullable Task<Void> task;

    /** What has ended it: as a task that is cancelled for another reason, by its owner's end. */
    private volatile int signal = SIGTERM;

    private SpawnedTask(String name, Promise<Integer> exit) {
        this.name = name;
        this.exit = exit;
    }

    /** A number as of a process, by the seed of the simulation. */
    static long number() {
        return 1 + (Heddle.currentLoop().engine().random() & PID_BITS);
    }

    static SpawnedTask start(String name, ProcessOptions options, RemoteAction body, Promise<Integer> exit) {
        Marshaller marshaller = Marshaller.of(options.maxBytes(), options.formats());
        Output work = marshaller.encode("the body", new Work(body, List.of(), Work.carried(options.context())));
        var child = new SpawnedTask(name, exit);
        child.task = Heddle.spawn(name, () -> {
            child.run(marshaller, work);
        });
        return child;
    }

    private void run(Marshaller marshaller, Output work) {
        int code = FAILED;
        try {
            marshaller.copy(work).run();
            code = 0;
        } catch (CancelledException e) {
            code = SIGNALLED + signal;
        } catch (Throwable e) {
            Spawned.print(name, pid, e);
        } finally {
            exit.complete(code);
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public boolean isHere() {
        return Task.ofThread(Thread.currentThread()).filter(current -> current == task).isPresent();
    }

    @Override
    public void terminate() {
        end(SIGTERM, "terminated");
    }

    @Override
    public void kill() {
        end(SIGKILL, "killed");
    }

    private void end(int by, String reason) {
        if (task != null && !exit.isDone()) {
            signal = by;
            task.cancel(reason);
        }
    }
}

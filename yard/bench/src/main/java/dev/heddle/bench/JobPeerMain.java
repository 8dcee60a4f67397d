package dev.heddle.bench;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/** The main program of a job queue whose classes are of a build of their own, in the directory jobs. */
final class JobPeerMain {

    static final String ROUNDS = "rounds";
    static final String LONG_RUN = "long-run";

    private JobPeerMain() {}

    /** Takes the name of a class with a constructor that takes a {@link Postgres}, and what is to be done with it. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Postgres server = Postgres.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        Worker.serve(() -> workload(args[1], queue(args[0], server), server), answers);
    }

    private static Workload workload(String work, JobQueue queue, Postgres server) {
        return work.equals(LONG_RUN) ? new JobsInTheLongRun(queue, server) : new JobRounds(queue);
    }

    private static JobQueue queue(String name, Postgres server) {
        try {
            return Class.forName(name).asSubclass(JobQueue.class).getDeclaredConstructor(Postgres.class)
                    .newInstance(server);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException thrown ? thrown.getCause() : e;
            throw new IllegalStateException("cannot make " + name, cause);
        }
    }
}

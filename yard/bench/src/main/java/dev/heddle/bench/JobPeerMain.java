package dev.heddle.bench;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/** The main program of a job queue whose classes are of a build of their own, in the directory jobs. */
final class JobPeerMain {

    private JobPeerMain() {}

    /** Takes the name of a class with a constructor that takes a {@link Postgres}. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Postgres server = Postgres.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        Worker.serve(() -> new JobRounds(queue(args[0], server)), answers);
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

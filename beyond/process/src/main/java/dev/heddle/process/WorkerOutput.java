package dev.heddle.process;

/**
 * A listener to what child processes print on their standard output and standard error. Called by a thread for each; a
 * slow one slows the child down, so it cannot {@linkplain JvmProcess#join join} it. What it throws is told once in the
 * log and changes nothing else.
 */
@FunctionalInterface
public interface WorkerOutput {

    /** Prints the lines on the streams of the same kind, behind the name of the child in brackets. */
    WorkerOutput PREFIXED = (worker, error, line) -> (error ? System.err : System.out)
            .println("[" + worker + "] " + line);

    /**
     * Has the child write to the streams of this process itself, without names. Its last lines are not known when it
     * dies.
     */
    WorkerOutput INHERITED = (worker, error, line) -> (error ? System.err : System.out).println(line);

    /** Drops them. The last lines of a child that dies are in its {@link WorkerDiedException} all the same. */
    WorkerOutput DROPPED = (worker, error, line) -> {};

    /**
     * A line was printed.
     *
     * @param worker the name of the child
     * @param error whether on standard error
     * @param line without its end; at most 8 KiB, longer ones come in several
     */
    void printed(String worker, boolean error, String line);
}

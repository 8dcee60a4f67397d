package dev.heddle;

/** The handler of failures that no code asked for: of tasks that nobody joins, and of callbacks. */
@FunctionalInterface
public interface FailureHandler {

    /** Writes to the {@link System.Logger} named {@code dev.heddle}, level ERROR. */
    FailureHandler LOG = (what, failure) -> System.getLogger("dev.heddle").log(System.Logger.Level.ERROR, what,
            failure);

    /**
     * Called once for each such failure, on a virtual thread of the loop. What it throws is given to {@link #LOG}.
     *
     * @param what what failed, for people
     */
    void failed(String what, Throwable failure);
}

package dev.heddle;

/** A body without a result: the void form beside {@link java.util.concurrent.Callable}. */
@FunctionalInterface
public interface Action {

    /** Does the work. A checked exception comes out wrapped once, in a {@link TaskFailedException}. */
    void run() throws Exception;
}

package dev.heddle.process;

import dev.heddle.TaskFailedException;
import java.io.Serializable;

/** A body without a result that can run in another process; as {@link RemoteCallable}. */
@FunctionalInterface
public interface RemoteAction extends Runnable, Serializable {

    /** Does it. */
    void act() throws Exception;

    /** Does it in the calling thread; a checked exception comes out as the cause of a {@link TaskFailedException}. */
    @Override
    @SuppressWarnings("FunctionalInterfaceMethodChanged") // a Runnable, so that submit(() -> ...) means this one
    default void run() {
        try {
            act();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new TaskFailedException("a body failed", e);
        }
    }
}

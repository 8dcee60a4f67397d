package dev.heddle.process;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function that can run in another process; as {@link RemoteCallable}.
 *
 * @param <A> what it takes
 * @param <B> what it gives
 */
@FunctionalInterface
public interface RemoteFunction<A extends @Nullable Object, B extends @Nullable Object> extends Serializable {

    /** Gives the result for one item. */
    B apply(A item) throws Exception;
}

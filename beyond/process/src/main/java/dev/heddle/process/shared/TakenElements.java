package dev.heddle.process.shared;

import dev.heddle.ClosedException;
import dev.heddle.internal.Incoming;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The iteration that takes from a queue or a pipe until the end. For one task or thread. */
final class TakenElements {

    private TakenElements() {}

    /**
     * Takes one element after the other.
     *
     * @param ended whether a ClosedException of the source means the end, and no failure
     */
    static <T> Iterator<T> of(Supplier<T> source, BooleanSupplier ended) {
        return new Incoming<>(() -> takeUnlessEnded(source, ended), "there are no more elements");
    }

    private static <T> Optional<T> takeUnlessEnded(Supplier<T> source, BooleanSupplier ended) {
        try {
            return Optional.of(source.get());
        } catch (ClosedException e) {
            if (ended.getAsBoolean()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}

package dev.heddle.process.shared;

import dev.heddle.ClosedException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/** The text of a shared collection: what is in it, as its users expect, but fit for a log line. */
final class Contents {

    private static final int MAX_ELEMENTS = 100;

    /** Bound while one is told, since it may be in itself. */
    private static final ScopedValue<RemoteReference> TELLING = ScopedValue.newInstance();

    private Contents() {}

    /**
     * The text of a collection; the name of one that is in another. Fails never: who prints something looks for another
     * fault.
     *
     * @param first gives the words of the first elements, so many at most
     */
    static String text(
            RemoteReference reference, char begin, char end, IntFunction<List<String>> first, IntSupplier size) {
        if (TELLING.isBound()) {
            return reference.toString();
        }
        try {
            List<String> words = ScopedValue.where(TELLING, reference).call(() -> first.apply(MAX_ELEMENTS));
            int more = words.size() < MAX_ELEMENTS ? 0 : size.getAsInt() - words.size();
            return begin + String.join(", ", words) + (more > 0 ? ", ... " + more + " more" : "") + end;
        } catch (ClosedException e) {
            return reference + " (closed)";
        } catch (RuntimeException e) {
            return reference + " (" + e + ")";
        }
    }
}

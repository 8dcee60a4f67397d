package dev.heddle.conformance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The ledgers of the parts of a module: one body for each type of figures, which uses a part by chance and books what it does in a
 * {@link Ledger}. As a search for {@link PlantedBug#foundBy(Class, long)} it runs them all.
 *
 * <p>Threads: one at a time. Cancellation: as the bodies.
 */
public abstract class Ledgers implements LongFunction<String> {

    private final Map<Class<?>, Body> bodies = new LinkedHashMap<>();

    /** The use of one part, by a seed. */
    public interface Body {

        /**
         * Runs it.
         *
         * @throws AssertionError if a figure is not that of the ledger
         */
        void run(long seed) throws Exception;
    }

    /** For subclasses. */
    protected Ledgers() {}

    /** Adds the body of a type of figures. */
    protected final void add(Class<?> figures, Body body) {
        bodies.put(figures, body);
    }

    /** All bodies, by the types of their figures, in the order in which they were added. */
    public final Map<Class<?>, Body> all() {
        return Collections.unmodifiableMap(bodies);
    }

    /** Runs a body in a world of its own, such as a simulation of that seed. */
    public abstract void run(Body body, long seed);

    /**
     * What the first seed that finds something finds, in words that every class loader knows; else nothing.
     *
     * @param seeds how many to try for each body, from 1
     */
    @Override
    public final String apply(long seeds) {
        for (Map.Entry<Class<?>, Body> each : bodies.entrySet()) {
            for (long seed = 1; seed <= seeds; seed++) {
                try {
                    run(each.getValue(), seed);
                } catch (AssertionError | RuntimeException e) {
                    return each.getKey().getSimpleName() + ", seed " + seed + ": " + e.getMessage();
                }
            }
        }
        return "";
    }
}

package dev.heddle.linux;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The table of operations under way in the ring, with who hears of the end of each. Each completion carries a token:
 * the place of its owner and the kind of operation. A place is given to another owner only when nothing of the last one
 * is under way, so no completion goes astray.
 *
 * <p>Threads: the engine's loop.
 */
final class Completions implements SharedRings.Completions {

    /** For operations whose end interests nobody. */
    static final long NOBODY = -1;

    private static final int KIND_BITS = 4;

    private @Nullable Owner[] owners = new Owner[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private int underWay;

    /** Hears of the ends of its operations. */
    interface Owner {

        /**
         * Called below the tasks.
         *
         * @param kind which operation, of the owner's own numbering
         * @param result as {@link SharedRings.Completions#completed}
         * @param flags likewise
         */
        void completed(int kind, int result, int flags);

        /** The engine ends: close what is open. */
        default void engineCloses() {}

        /** The engine ends, and no operation is told of any more: close what is open all the same. */
        default void engineIsAbandoned() {}
    }

    /** A place for an owner. */
    int add(Owner owner) {
        int place = freeCount > 0 ? free[--freeCount] : used++;
        if (place == owners.length) {
            owners = Arrays.copyOf(owners, 2 * place);
            free = Arrays.copyOf(free, 2 * place);
        }
        owners[place] = owner;
        return place;
    }

    /** Gives a place back, of which nothing is under way. */
    void remove(int place) {
        owners[place] = null;
        free[freeCount++] = place;
    }

    /** The token of an operation that is queued now and will be told of. */
    long begin(int place, int kind) {
        underWay++;
        return token(place, kind);
    }

    static long token(int place, int kind) {
        return (long) place << KIND_BITS | kind;
    }

    /** How many operations the kernel has not ended. */
    int underWay() {
        return underWay;
    }

    @Override
    public void completed(long token, int result, int flags) {
        if (token == NOBODY) {
            return;
        }
        if ((flags & SharedRings.CQE_MORE) == 0) {
            underWay--;
        }
        Owner owner = owners[(int) (token >>> KIND_BITS)];
        if (owner != null) {
            owner.completed((int) token & (1 << KIND_BITS) - 1, result, flags);
        }
    }

    /** Ends all owners. */
    void close() {
        forAll(Owner::engineCloses);
    }

    /** Ends all owners without the kernel's help. */
    void abandon() {
        forAll(Owner::engineIsAbandoned);
    }

    private void forAll(Consumer<Owner> end) {
        for (Owner owner : owners.clone()) {
            if (owner != null) {
                end.accept(owner);
            }
        }
    }
}

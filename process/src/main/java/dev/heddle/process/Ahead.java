package dev.heddle.process;

import org.jspecify.annotations.Nullable;

/** Where work comes from that a child may have before its turn. */
interface Ahead {

    /** For a child that does one thing. */
    Ahead NONE = new Ahead() {
        @Override
        public @Nullable Errand take(long works) {
            return null;
        }

        @Override
        public void putBack(Errand errand) {
            throw new IllegalStateException("nothing was taken");
        }
    };

    /**
     * Takes the next work; null if there is none, or none that a child may have early.
     *
     * @param works how many the child has had
     */
    @Nullable Errand take(long works);

    /** Puts back what has not begun, the last that was taken first. */
    void putBack(Errand errand);
}

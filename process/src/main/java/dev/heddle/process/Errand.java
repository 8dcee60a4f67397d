package dev.heddle.process;

import org.jspecify.annotations.Nullable;

/**
 * Work on its way through a child.
 *
 * <p>Threads: the one that works with the child; any may say that the work is {@link #unwanted}.
 */
class Errand {

    private static final Output NOTHING = Output.of(Frame.NOTHING);

    /** Encoded; nothing when it is done. */
    private Output work;

    /** By which the child that has it knows it. */
    long number;

    /** What the child has answered. */
    @Nullable Frame end;

    /** Whether the child was told to stop it. */
    boolean told;

    /** Who has it, from when it is given until it is answered or given back. */
    private volatile @Nullable Errands holder;

    private volatile boolean unwanted;

    Errand(Output work) {
        this.work = work;
    }

    Output work() {
        return work;
    }

    /** It is done, and its bytes are not needed any more. */
    void forgetWork() {
        work = NOTHING;
    }

    boolean isGiven() {
        return holder != null;
    }

    boolean isUnwanted() {
        return unwanted;
    }

    /** Given to a child, answered or given back by it. */
    void setHolder(@Nullable Errands next) {
        holder = next;
        told = false;
    }

    /** Nobody wants it any more: the child that has it is to give it back, or to end it. Any thread. */
    void unwant() {
        unwanted = true;
        Errands has = holder;
        if (has != null) {
            has.hearOfUnwanted();
        }
    }
}

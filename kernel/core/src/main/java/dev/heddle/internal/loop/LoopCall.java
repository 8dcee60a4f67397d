package dev.heddle.internal.loop;

/** A short call of ours that another thread wants made on the loop, below the tasks. Never code of users. */
public final class LoopCall extends Schedulable {

    private final Runnable call;

    public LoopCall(Runnable call) {
        this.call = call;
    }

    @Override
    public void takeTurn() {
        call.run();
    }

    @Override
    public String what() {
        return "a call of another thread";
    }
}

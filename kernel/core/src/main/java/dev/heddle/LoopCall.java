package dev.heddle;

/** A short call of ours that another thread wants made on the loop, below the tasks. Never code of users. */
final class LoopCall extends Schedulable {

    private final Runnable call;

    LoopCall(Runnable call) {
        this.call = call;
    }

    @Override
    void run(Loop loop) {
        call.run();
    }

    @Override
    String what() {
        return "a call of another thread";
    }
}

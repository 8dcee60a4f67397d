package dev.heddle;

/** A short call of ours that another thread wants made on the loop, below the tasks. Never code of users. */
final class SystemCall extends Ready {

    private final Runnable call;

    SystemCall(Runnable call) {
        this.call = call;
    }

    @Override
    void run(Loop loop) {
        call.run();
    }
}

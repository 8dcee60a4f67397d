package dev.heddle;

/** The thread of a loop that has one of its own. */
final class LoopThread extends Thread {

    private final Loop loop;
    private volatile boolean stopRequested;

    LoopThread(Loop loop) {
        super(loop.name());
        this.loop = loop;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            loop.driveUntilStopped(this);
        } finally {
            loop.finish();
        }
    }

    boolean isStopRequested() {
        return stopRequested;
    }

    void requestStop() {
        stopRequested = true;
        loop.inLoop(() -> {});
    }

    void stopAndJoin() {
        requestStop();
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

// Who asks again for the lock that it holds: an error with a mutex, where Python waits for ever; fine with a re-entrant lock.
// Answers Threads, processes, coroutines, asyncio, program 7; Threads and coroutines, programs 14 and 15: a deadlock of one, RLock; RLock.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Mutex;

void main() {
    run(this::lockTwice);
}

void lockTwice() {
    var mutex = Mutex.named("A");
    try {
        mutex.run(() -> mutex.run(() -> IO.println("not reached")));
    } catch (IllegalStateException e) {
        IO.println(e.getMessage());
    }

    var again = new ReentrantLock();
    locked(again, () -> locked(again, () -> IO.println(123)));
    IO.println("free: " + !again.isLocked());
}

void locked(Lock lock, Runnable body) {
    lock.lock();
    try {
        body.run();
    } finally {
        lock.unlock();
    }
}

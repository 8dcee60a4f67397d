package dev.heddle.process.shared;

/** The counter behind a shared one, in its manager. */
final class CounterObject implements SharedCounter {

    private long value;

    @Override
    public long get() {
        return value;
    }

    @Override
    public void set(long value) {
        this.value = value;
    }

    @Override
    public long addAndGet(long amount) {
        value += amount;
        return value;
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        boolean same = value == expected;
        if (same) {
            value = next;
        }
        return same;
    }
}

package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.sync.Condition;
import dev.heddle.sync.ConditionStatistics;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.MutexStatistics;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The mutex behind a shared one, in its manager. Its holders are agents, which live on as long as they hold one. */
final class MutexObject extends AcquirableObject implements SharedMutex {

    private final Mutex mutex;
    private final SharedObjects objects;

    /**
     * @param objects gets its conditions
     */
    MutexObject(Mutex mutex, SharedObjects objects) {
        super(mutex);
        this.mutex = mutex;
        this.objects = objects;
    }

    @Override
    void acquired() {
        holds(1);
    }

    @Override
    void released() {
        holds(-1);
    }

    private static void holds(int more) {
        RemoteCaller.current().ifPresent(agent -> agent.holds(more));
    }

    @Override
    public void repair() {
        mutex.repair();
    }

    @Override
    public Optional<String> holder() {
        return mutex.holder().map(Callers::name);
    }

    @Override
    public SharedCondition newCondition() {
        return objects.<SharedCondition>add(SharedCondition.class, name -> new Waits(mutex.newCondition()))
                .proxy(SharedCondition.class);
    }

    @Override
    public MutexStatistics statistics() {
        return mutex.statistics();
    }

    /** One of its conditions. */
    private final class Waits implements SharedCondition {

        private final Condition condition;

        Waits(Condition condition) {
            this.condition = condition;
        }

        @Override
        public void await() {
            awaiting(() -> {
                condition.await();
                return true;
            });
        }

        @Override
        public boolean awaitWithin(Duration limit) {
            return awaiting(() -> condition.awaitWithin(limit));
        }

        private boolean awaiting(BooleanSupplier wait) {
            boolean held = mutex.holder().filter(thread -> thread == Thread.currentThread()).isPresent();
            try {
                return wait.getAsBoolean();
            } catch (BrokenException e) {
                if (held) {
                    holds(-1);
                }
                throw e;
            } catch (CancelledException e) {
                if (held && RemoteCaller.current().filter(agent -> agent.session().hasEnded()).isPresent()) {
                    // It only waited, so what the mutex guards is whole.
                    release();
                }
                throw e;
            }
        }

        @Override
        public void signal() {
            condition.signal();
        }

        @Override
        public void signalAll() {
            condition.signalAll();
        }

        @Override
        public ConditionStatistics statistics() {
            return condition.statistics();
        }
    }
}

package dev.heddle.process.shared;

import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.SemaphoreStatistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The semaphore behind a shared one, in its manager, and which process has how many permits. */
final class SemaphoreObject extends AcquirableObject implements SharedSemaphore, ManagerSession.Departure {

    private final BoundedSemaphore semaphore;
    private final Map<ManagerSession, Integer> acquired = new LinkedHashMap<>();

    SemaphoreObject(BoundedSemaphore semaphore) {
        super(semaphore);
        this.semaphore = semaphore;
    }

    @Override
    void acquired() {
        RemoteCaller.current().ifPresent(agent -> {
            acquired.merge(agent.session(), 1, Integer::sum);
            agent.session().onEnd(this);
        });
    }

    @Override
    void released() {
        Optional<ManagerSession> own = RemoteCaller.current().map(RemoteCaller::session).filter(acquired::containsKey);
        own.or(() -> acquired.keySet().stream().findFirst()).ifPresent(this::uncount);
    }

    private void uncount(ManagerSession session) {
        acquired.compute(session, (s, count) -> count == null || count == 1 ? null : count - 1);
    }

    @Override
    public void departed(ManagerSession session) {
        Integer permits = acquired.remove(session);
        for (int i = permits == null ? 0 : permits; i > 0; i--) {
            semaphore.release();
        }
    }

    @Override
    public SemaphoreStatistics statistics() {
        return semaphore.statistics();
    }
}

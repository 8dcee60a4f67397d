package dev.heddle.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** db-scheduler, which locks what it fetches, as its manual says for many jobs, and begins at once what it was given. */
final class DbSchedulerQueue implements JobQueue {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final double FEWEST = 0.5;
    private static final double MOST = 4.0;

    private final HikariDataSource pool;
    private volatile LongConsumer handler = _ -> {};
    private final OneTimeTask<Long> task = Tasks.oneTime("empty", Long.class)
            .execute((instance, _) -> handler.accept(instance.getData()));
    private volatile Scheduler scheduler;

    DbSchedulerQueue(Postgres server) throws SQLException {
        pool = Pools.of(server);
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("create table scheduled_tasks (task_name text not null, task_instance text not null,"
                    + " task_data bytea, execution_time timestamptz, picked boolean not null, picked_by text,"
                    + " last_success timestamptz, last_failure timestamptz, consecutive_failures int,"
                    + " last_heartbeat timestamptz, version bigint not null, priority smallint, state text,"
                    + " primary key (task_name, task_instance));"
                    + " create index execution_time_idx on scheduled_tasks (execution_time);"
                    + " create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
        }
        scheduler = scheduler();
    }

    private Scheduler scheduler() {
        return Scheduler.create(pool, task)
                .threads(AT_A_TIME)
                .pollUsingLockAndFetch(FEWEST, MOST)
                .pollingInterval(POLL)
                .enableImmediateExecution()
                .build();
    }

    private TaskInstance<Long> instance(long due) {
        return task.instance(UUID.randomUUID().toString(), due);
    }

    @Override
    public void put(long due) {
        scheduler.schedule(instance(due), Instant.now());
    }

    @Override
    public void putAll(int count) {
        List<TaskInstance<?>> all = Stream.<TaskInstance<?>>generate(() -> instance(0)).limit(count).toList();
        scheduler.scheduleBatch(all, Instant.now());
    }

    @Override
    public AutoCloseable work(LongConsumer next, boolean many) {
        handler = next;
        scheduler.start();
        return () -> {
            scheduler.stop();
            scheduler = scheduler();
        };
    }

    @Override
    public void close() {
        pool.close();
    }
}

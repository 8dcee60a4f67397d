package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr with its defaults. */
final class JobRunrQueue implements JobQueue {

    /** The shortest that it allows. */
    private static final Duration POLL = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final PostgresStorageProvider storage;
    private final JobRequestScheduler scheduler;

    JobRunrQueue(Postgres server) {
        pool = Pools.of(server);
        storage = new PostgresStorageProvider(pool);
        scheduler = JobRunr.configure().useStorageProvider(storage).initialize().getJobRequestScheduler();
    }

    /** A job. */
    public static final class Empty implements JobRequest {

        /** When it was due; a text, which JSON keeps whole. */
        public String due = "";

        /** For JSON. */
        public Empty() {}

        private Empty(long due) {
            this.due = Long.toString(due);
        }

        @Override
        public Class<EmptyHandler> getJobRequestHandler() {
            return EmptyHandler.class;
        }
    }

    /** The handler. */
    public static final class EmptyHandler implements JobRequestHandler<Empty> {

        private static volatile LongConsumer handler = _ -> {};

        @Override
        public void run(Empty job) {
            handler.accept(Long.parseLong(job.due));
        }
    }

    @Override
    public void put(long due) {
        scheduler.enqueue(new Empty(due));
    }

    @Override
    public void putAll(int count) {
        scheduler.enqueue(Stream.generate(() -> new Empty(0)).limit(count));
    }

    @Override
    public AutoCloseable work(LongConsumer handler, boolean many) {
        EmptyHandler.handler = handler;
        var server = new BackgroundJobServer(storage, new JacksonJsonMapper(), null,
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(AT_A_TIME)
                        .andPollInterval(POLL));
        server.start();
        return server::stop;
    }

    @Override
    public void close() {
        pool.close();
    }
}

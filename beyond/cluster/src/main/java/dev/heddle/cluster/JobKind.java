package dev.heddle.cluster;

import dev.heddle.CancelledException;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import java.util.Objects;

/**
 * A name of jobs with the type of their payloads.
 *
 * <pre>{@code
 * static final JobKind<Order> SHIP = JobKind.of("ship", new OrderCodec());
 *
 * jobs.handle(SHIP, 4, (order, job) -> ship(order));
 * jobs.submit(SHIP, order);
 * }</pre>
 *
 * <p>Threads: immutable.
 *
 * @param <T> what a payload is to the program
 */
public final class JobKind<T> {

    private final String name;
    private final JobCodec<T> codec;

    private JobKind(String name, JobCodec<T> codec) {
        Names.encode(name);
        this.name = name;
        this.codec = Objects.requireNonNull(codec);
    }

    /** The handler of the jobs of a kind. */
    @FunctionalInterface
    public interface Handler<T> {

        /**
         * Does a job.
         *
         * @param payload what was submitted
         * @see JobHandler#handle
         */
        Bytes handle(T payload, JobAttempt job) throws Exception;
    }

    /** The jobs of a name whose payloads a codec writes and reads. */
    public static <T> JobKind<T> of(String name, JobCodec<T> codec) {
        return new JobKind<>(name, codec);
    }

    /** The name of the jobs. */
    public String name() {
        return name;
    }

    /** What writes and reads their payloads. */
    public JobCodec<T> codec() {
        return codec;
    }

    /**
     * A job of this kind, for a submit with options or a schedule.
     *
     * @throws IllegalArgumentException if its payload has more than 64 KiB
     */
    public JobSpec spec(T payload) {
        return JobSpec.of(name, codec.encode(payload));
    }

    /** The handler of bytes that reads the payload first. */
    JobHandler reading(Handler<? super T> handler) {
        Objects.requireNonNull(handler);
        return job -> handler.handle(read(job), job);
    }

    private T read(JobAttempt job) {
        try {
            return Objects.requireNonNull(codec.decode(job.payload()), "the codec has given nothing");
        } catch (CancelledException e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError e) {
            throw new JobUnreadableException(
                    "the payload of " + job.payload().length() + " bytes is none that " + codec + " reads", e);
        }
    }

    @Override
    public String toString() {
        return "jobs " + name;
    }
}

package dev.heddle.process;

import dev.heddle.Results;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A pool whose bodies run outside of this process: in child JVMs, as those of a {@link ProcessPool}, or on other
 * machines. Code that has been given one does not ask which, and a program changes the one line that makes it.
 *
 * <pre>{@code
 * static long total(RemotePool pool, List<Path> files) {
 *     return pool.map(files, Main::count).stream().mapToLong(n -> n).sum();
 * }
 * }</pre>
 *
 * <p>Bodies and values travel as {@link RemoteCallable} says, and arrive as copies; what cannot travel is refused by a
 * {@link CannotTravelException} that names it, before anything is sent. What a body throws arrives as the same
 * exception with the stack of there as its cause. A body whose process is lost fails with an exception that says so;
 * {@link #retrying} has such bodies tried again.
 *
 * <p>A cancelled body is interrupted, and its process killed if it does not end within the grace time: a deadline ends
 * whatever a body does.
 *
 * <p>It is an {@link ExecutorService} whose bodies must be able to travel: lambdas that are also {@link
 * java.io.Serializable}, or records. After {@link #shutdown} it refuses with a {@link
 * java.util.concurrent.RejectedExecutionException}.
 *
 * <p>Threads: any task or thread. Cancellation: {@link #call}, {@link #run} and {@link #map} cancel their bodies and
 * wait for their end. To test code that uses one, run it in the simulator.
 */
public interface RemotePool extends ExecutorService {

    /**
     * This pool, for bodies that may be run again: with the same workers, but a body whose process was lost is tried
     * with another one.
     *
     * @param attempts how often it may be tried in all, at least 1
     */
    RemotePool retrying(int attempts);

    /**
     * Runs a body in another process and waits for its end. Long arrays of bytes that go along are read while
     * it waits, and not copied before: who changes one meanwhile does not know what arrives. When the call has ended,
     * however it has, they are read no more.
     *
     * <p>Cancellation: a body that has not begun never runs; a running one is interrupted, and killed with its process
     * after the grace time. A result that it still gives is delivered.
     *
     * @throws CannotTravelException if the body or its result cannot travel
     * @throws WorkerDiedException if the process of the body dies; a pool over nodes says by a failure of its own that
     *     a node was lost
     * @throws dev.heddle.CancelledException if the enclosing scope is cancelled
     */
    <T> T call(RemoteCallable<T> body);

    /** Runs a body without a result in another process and waits for its end; as {@link #call}. */
    void run(RemoteAction body);

    /**
     * Queues a body, waiting while there is no room.
     *
     * <p>Cancellation: a cancelled call has not left the body.
     *
     * @return its future; cancelling it with {@code true} interrupts the body, and kills its process after the grace
     *     time
     * @throws CannotTravelException if the body cannot travel
     */
    <T> Future<T> submit(RemoteCallable<T> body);

    /** Queues a body without a result; as {@link #submit(RemoteCallable)}. */
    Future<?> submit(RemoteAction body);

    /**
     * Queues a body, waiting while there is no room, and gives its result as a {@link CompletableFuture}, for
     * callbacks: what {@link CompletableFuture#supplyAsync} is to other executors. That cannot use this pool, since it
     * wraps the body in what cannot travel.
     *
     * <p>Cancellation: a cancelled call has not left the body. A future that is cancelled, or completed by somebody
     * else as after its {@code orTimeout}, interrupts the body, as that of {@link #submit(RemoteCallable)}.
     *
     * <p>Threads: the future is completed where those of the JDK are, in the common pool; in a simulation by the
     * caller.
     *
     * @throws CannotTravelException if the body cannot travel
     */
    <T> CompletableFuture<T> supplyAsync(RemoteCallable<T> body);

    /**
     * Applies a function to items in other processes, in chunks, and gives the results in the order of the items. The
     * first failure, in that order, cancels the rest.
     *
     * <p>Cancellation: a cancelled call has cancelled all bodies and awaited their end.
     */
    <A, B> List<B> map(Collection<? extends A> items, RemoteFunction<? super A, ? extends B> function);

    /**
     * Applies a function to items, as {@link #map(Collection, RemoteFunction)}.
     *
     * @param chunk how many items travel together, at least 1
     */
    <A, B> List<B> map(Collection<? extends A> items, int chunk, RemoteFunction<? super A, ? extends B> function);

    /**
     * Applies a function to items in other processes and gives the results in the order of the items, while they are
     * asked for. See {@link Results} for failures and for ending early.
     */
    <A, B> Results<A, B> imap(Iterable<? extends A> items, RemoteFunction<? super A, ? extends B> function);

    /** Applies a function as {@link #imap} does and gives the results in the order in which they are done. */
    <A, B> Results<A, B> imapUnordered(Iterable<? extends A> items, RemoteFunction<? super A, ? extends B> function);
}

package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Code written for blocking gives way where it blocks, and hears of a cancel there, as often as it blocks again. */
final class ForeignBlockingTest {

    private static final int TIMES = 5;

    private final List<String> log = new ArrayList<>();

    @Test
    void threadSleepGivesWayAndIsCancelled() {
        givesWay(() -> Thread.sleep(20), () -> {});
        isCancelledEachTime(() -> Thread.sleep(60_000));
    }

    @Test
    void queueGivesWayAndIsCancelled() {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        givesWay(queue::take, () -> queue.put("element"));
        isCancelledEachTime(queue::take);
        isCancelledEachTime(() -> queue.poll(1, TimeUnit.MINUTES));
        isCancelledEachTime(() -> new SynchronousQueue<String>().put("element"));
    }

    @Test
    void lockGivesWayAndIsCancelledWhereItAnswersInterrupts() {
        ReentrantLock lock = new ReentrantLock();
        givesWay(() -> {
            lock.lock();
            lock.unlock();
        }, lock::lock, lock::unlock);
        heldByAnother(lock, () -> {
            isCancelledEachTime(lock::lockInterruptibly);
            isCancelledEachTime(() -> lock.tryLock(1, TimeUnit.MINUTES));
        });
    }

    @Test
    void otherWaitsOfTheJdkGiveWayAndAreCancelled() {
        Semaphore semaphore = new Semaphore(0);
        givesWay(semaphore::acquire, semaphore::release);
        isCancelledEachTime(semaphore::acquire);
        CountDownLatch latch = new CountDownLatch(1);
        isCancelledEachTime(latch::await);
        givesWay(latch::await, latch::countDown);
        CompletableFuture<String> future = new CompletableFuture<>();
        isCancelledEachTime(future::get);
        givesWay(future::get, () -> future.complete("value"));
        isCancelledEachTime(() -> Thread.currentThread().join(60_000));
    }

    @Test
    void synchronizedGivesWay() {
        Object monitor = new Object();
        run(() -> group(g -> {
            g.spawn(() -> {
                synchronized (monitor) {
                    Thread.sleep(10);
                    log.add("holder");
                }
            });
            checkpoint();
            Task<Void> second = g.spawn(() -> {
                synchronized (monitor) {
                    log.add("second");
                }
            });
            checkpoint();
            log.add("others");
            second.join();
        }));
        assertEquals(List.of("others", "holder", "second"), log);
    }

    @Test
    void objectWaitGivesWayAndIsCancelled() {
        Object monitor = new Object();
        Action wait = () -> {
            synchronized (monitor) {
                monitor.wait();
            }
        };
        givesWay(wait, () -> {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        });
        isCancelledEachTime(wait);
        isCancelledEachTime(() -> {
            synchronized (monitor) {
                monitor.wait(60_000);
            }
        });
    }

    @Test
    void socketsGiveWayAndAreCancelled() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            givesWay(() -> client.getInputStream().read(), () -> peer.getOutputStream().write(1));
            isCancelledEachTime(() -> {
                try (Socket fresh = new Socket(server.getInetAddress(), server.getLocalPort());
                        Socket other = server.accept()) {
                    fresh.getInputStream().read();
                    other.shutdownOutput();
                }
            });
            isCancelledEachTime(() -> {
                try (ServerSocket fresh = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                    fresh.accept();
                }
            });
        }
    }

    @Test
    void channelsGiveWayAndAreCancelled() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel peer = server.accept()) {
                givesWay(() -> client.read(ByteBuffer.allocate(1)), () -> peer.write(ByteBuffer.allocate(1)));
            }
            isCancelledEachTime(() -> {
                try (SocketChannel fresh = SocketChannel.open(server.getLocalAddress());
                        SocketChannel other = server.accept()) {
                    fresh.read(ByteBuffer.allocate(1));
                    other.shutdownOutput();
                }
            });
        }
    }

    @Test
    void lockThatIgnoresInterruptsIsWaitedForQuietly() {
        ReentrantLock lock = new ReentrantLock();
        heldByAnother(lock, () -> run(() -> {
            Task<Void> task = Heddle.spawn(() -> {
                lock.lock();
                try {
                    log.add("interrupted: " + Thread.currentThread().isInterrupted());
                    checkpoint();
                    log.add("waited");
                } finally {
                    lock.unlock();
                }
            });
            checkpoint();
            task.cancel("enough");
            assertLoopIsQuiet();
            assertFalse(task.isDone());
            log.add("quiet");
            release.countDown();
        }));
        assertEquals(List.of("quiet", "interrupted: true"), log);
    }

    @Test
    void lockInsideAMethodThatOtherwiseAnswersInterruptsIsWaitedForQuietly() throws InterruptedException {
        ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(2, false, List.of("element"));
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> queue.removeIf(element -> {
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return true;
        }));
        held.await();
        run(() -> {
            Task<Boolean> task = Heddle.spawn(() -> queue.offer("another"));
            checkpoint();
            task.cancel("enough");
            assertLoopIsQuiet();
            release.countDown();
            assertTrue(task.join());
        });
        holder.join();
    }

    @Test
    void interruptForACancelledScopeDoesNotHitTheCodeBehindIt() {
        run(() -> {
            for (int i = 0; i < TIMES; i++) {
                assertFalse(Heddle.moveOnAfter(ofMillis(1), () -> Thread.sleep(60_000)));
                assertFalse(Thread.currentThread().isInterrupted());
                Thread.sleep(1);
            }
        });
    }

    @Test
    void interruptFromOutsideCancelsThatTaskOnly() {
        run(() -> group(g -> {
            Thread[] threads = new Thread[3];
            Task<Void> inOurWait = g.spawn(() -> {
                threads[0] = Thread.currentThread();
                sleep(ofHours(1));
            });
            Task<Void> inTheirWait = g.spawn(() -> {
                threads[1] = Thread.currentThread();
                Thread.sleep(60_000);
            });
            Task<Void> inAGroup = g.spawn(() -> group(inner -> {
                threads[2] = Thread.currentThread();
                Thread.sleep(60_000);
            }));
            Task<Void> bystander = g.spawn(() -> sleep(ofMillis(20)));
            checkpoint();
            for (Thread thread : threads) {
                thread.interrupt();
            }
            bystander.join();
            for (Task<Void> task : List.of(inOurWait, inTheirWait, inAGroup)) {
                assertSame(Task.State.CANCELLED, task.state());
            }
        }));
    }

    @Test
    void interruptFromOutsideIsNotLostOnACancelOfAScopeInTheSameTurn() {
        run(() -> {
            var thread = new Thread[1];
            var scopes = new CancelScope[1];
            Task<Void> task = Heddle.spawn(() -> {
                thread[0] = Thread.currentThread();
                CancelScope.open(scope -> {
                    scopes[0] = scope;
                    sleep(ofHours(1));
                });
                sleep(ofHours(1));
            });
            checkpoint();
            thread[0].interrupt();
            scopes[0].cancel("enough");
            task.awaitOutcome();
            assertSame(Task.State.CANCELLED, task.state());
        });
    }

    @Test
    void foreignWaitCanBeAskedFor() {
        run(() -> {
            Task<Void> task = Heddle.spawn(() -> Thread.sleep(60_000));
            checkpoint();
            String waiting = task.waitingFor().orElseThrow();
            assertTrue(waiting.contains("ForeignBlockingTest"), waiting);
        });
    }

    private final CountDownLatch release = new CountDownLatch(1);

    /** Runs a body while a platform thread holds a lock. */
    private void heldByAnother(ReentrantLock lock, Runnable body) {
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                lock.unlock();
            }
        });
        try {
            held.await();
            body.run();
            release.countDown();
            holder.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertLoopIsQuiet() {
        sleep(ofMillis(5));
        long before = currentLoop().statistics().ran();
        sleep(ofMillis(30));
        long during = currentLoop().statistics().ran() - before;
        assertTrue(during < 10, "the loop was busy: " + during + " resumptions");
    }

    private void givesWay(Action block, Action release) {
        givesWay(block, () -> {}, release);
    }

    /** The main task can only end the wait if the other task has given way. */
    private void givesWay(Action block, Action before, Action release) {
        log.clear();
        run(() -> {
            before.run();
            Task<Void> task = Heddle.spawn(() -> {
                block.run();
                log.add("went on");
            });
            checkpoint();
            log.add("gave way");
            release.run();
            task.join();
        });
        assertEquals(List.of("gave way", "went on"), log);
    }

    /** Swallows the cancel again and again. */
    private static void isCancelledEachTime(Action block) {
        int[] cancels = new int[1];
        run(() -> {
            Task<Void> task = Heddle.spawn(() -> {
                for (int i = 0; i < TIMES; i++) {
                    try {
                        block.run();
                    } catch (Exception e) {
                        cancels[0]++;
                        Thread.interrupted(); // some leave it set, and the next wait would end by that
                    }
                }
            });
            checkpoint();
            sleep(ofMillis(2));
            task.cancel("enough");
            task.join();
        });
        assertEquals(TIMES, cancels[0]);
    }
}

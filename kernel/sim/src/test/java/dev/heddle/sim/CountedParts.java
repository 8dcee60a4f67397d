package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopStatistics;
import dev.heddle.ParkingLot;
import dev.heddle.ParkingLotStatistics;
import dev.heddle.Task;
import dev.heddle.TaskPool;
import dev.heddle.TaskPoolStatistics;
import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.io.BufferStatistics;
import dev.heddle.io.Buffers;
import dev.heddle.io.ByteCounter;
import dev.heddle.io.ByteCounterStatistics;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.Streams;
import dev.heddle.net.Datagram;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.UdpStatistics;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BarrierStatistics;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.BroadcastStatistics;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ChannelStatistics;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.CircuitBreakerStatistics;
import dev.heddle.sync.CircuitOpenException;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.ConcurrencyLimiterStatistics;
import dev.heddle.sync.Condition;
import dev.heddle.sync.ConditionStatistics;
import dev.heddle.sync.Event;
import dev.heddle.sync.EventStatistics;
import dev.heddle.sync.Memo;
import dev.heddle.sync.MemoOptions;
import dev.heddle.sync.MemoStatistics;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.MutexStatistics;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.QueueStatistics;
import dev.heddle.sync.SemaphoreStatistics;
import dev.heddle.sync.Subscription;
import dev.heddle.sync.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The parts of the kernel, each used by chance by a program that counts by itself; by the type of their figures. */
final class CountedParts extends Ledgers {

    private static final int CALLS = 400;
    private static final Duration HOLD = Duration.ofNanos(1_300_000);

    /** Calls that are inside, by what they do. */
    private int inside;
    private int others;

    private long done;
    private long more;
    private long most;
    private boolean flag;

    CountedParts() {
        add(ParkingLotStatistics.class, seed -> new CountedParts().parkingLot(seed));
        add(EventStatistics.class, seed -> new CountedParts().event(seed));
        add(ChannelStatistics.class, seed -> new CountedParts().channel(seed, (int) (seed % 4)));
        add(QueueStatistics.class, seed -> new CountedParts().workQueue(seed));
        add(MutexStatistics.class, seed -> new CountedParts().mutex(seed));
        add(ConditionStatistics.class, seed -> new CountedParts().condition(seed));
        add(SemaphoreStatistics.class, seed -> new CountedParts().semaphore(seed));
        add(ConcurrencyLimiterStatistics.class, seed -> new CountedParts().limiter(seed));
        add(BarrierStatistics.class, seed -> new CountedParts().barrier(seed));
        add(BroadcastStatistics.class, seed -> new CountedParts().broadcast(seed));
        add(CircuitBreakerStatistics.class, seed -> new CountedParts().breaker(seed));
        add(MemoStatistics.class, seed -> new CountedParts().memo(seed));
        add(TaskPoolStatistics.class, seed -> new CountedParts().taskPool(seed));
        add(LoopStatistics.class, seed -> new CountedParts().loop(seed));
        add(UdpStatistics.class, seed -> new CountedParts().udp(seed));
        add(ByteCounterStatistics.class, seed -> new CountedParts().bytes(seed));
        add(BufferStatistics.class, seed -> new CountedParts().buffers(seed));
    }

    @Override
    public void run(Body body, long seed) {
        QuietSim.run(SimOptions.DEFAULT.withSeed(seed), sim -> body.run(seed));
    }

    private void inside(Action call) throws Exception {
        inside++;
        try {
            call.run();
        } finally {
            inside--;
        }
    }

    private void elsewhere(Action call) throws Exception {
        others++;
        try {
            call.run();
        } finally {
            others--;
        }
    }

    private void parkingLot(long seed) {
        var lot = new ParkingLot("something");
        new Ledger(ParkingLotStatistics.class, lot::statistics)
                .row("waiting", () -> inside)
                .run(seed, CALLS,
                        List.of(() -> inside(lot::park), () -> inside(lot::park), lot::unpark, lot::unparkAll));
    }

    private void event(long seed) {
        Event event = Event.create();
        new Ledger(EventStatistics.class, event::statistics)
                .row("waiting", () -> inside)
                .row("set", () -> flag)
                .run(seed, CALLS, List.of(() -> inside(event::await), () -> inside(event::await), () -> {
                    flag = true;
                    event.set();
                }, () -> {
                    flag = false;
                    event.clear();
                }));
    }

    private void channel(long seed, int capacity) {
        Channel<String> channel = Channel.of(capacity);
        Action send = () -> {
            inside(() -> channel.send("element"));
            done++;
        };
        Action receive = () -> {
            elsewhere(channel::receive);
            done--;
        };
        Ledger ledger = new Ledger(ChannelStatistics.class, channel::statistics)
                .row("capacity", () -> capacity)
                .row("size", () -> done)
                .between("peakSize", this::mostDone, () -> capacity)
                .row("waitingSenders", () -> inside)
                .row("waitingReceivers", () -> others)
                .row("closed", () -> flag);
        ledger.run(seed, CALLS, List.of(send, receive, send, receive, () -> {
            done += channel.trySend("element") ? 1 : 0;
        }, () -> {
            done -= channel.tryReceive().isPresent() ? 1 : 0;
        }));
        flag = true;
        channel.close();
        ledger.check();
    }

    private long mostDone() {
        most = Math.max(most, done);
        return most;
    }

    private void workQueue(long seed) {
        WorkQueue<String> queue = WorkQueue.fifo(3);
        Action put = () -> {
            inside(() -> queue.put("element"));
            done++;
            more++;
        };
        Action take = () -> {
            elsewhere(queue::take);
            done--;
            queue.taskDone();
            more--;
        };
        Ledger ledger = new Ledger(QueueStatistics.class, queue::statistics)
                .row("capacity", () -> 3)
                .row("size", () -> done)
                .row("unfinished", () -> more)
                .row("waitingPutters", () -> inside)
                .row("waitingTakers", () -> others)
                .row("closed", () -> flag);
        ledger.run(seed, CALLS, List.of(put, take, put, take, () -> {
            elsewhere(queue::take);
            done--;
        }));
        flag = true;
        queue.close();
        ledger.check();
    }

    /** Holds for a while what a call gets. */
    private void hold(Action acquire, Action release) throws Exception {
        inside(acquire);
        done++;
        try {
            Heddle.sleep(HOLD);
        } finally {
            done--;
            release.run();
        }
    }

    private void mutex(long seed) {
        Mutex mutex = Mutex.create();
        Action hold = () -> hold(mutex::acquire, mutex::release);
        new Ledger(MutexStatistics.class, mutex::statistics)
                .row("held", () -> done > 0)
                .row("waiting", () -> inside)
                .row("broken", () -> false)
                .run(seed, CALLS, List.of(hold));
    }

    private void condition(long seed) {
        Mutex mutex = Mutex.create();
        Condition condition = mutex.newCondition();
        Action await = () -> {
            mutex.acquire();
            try {
                inside(condition::await);
            } finally {
                mutex.release();
            }
        };
        Action signal = () -> {
            mutex.acquire();
            try {
                condition.signal();
            } finally {
                mutex.release();
            }
        };
        new Ledger(ConditionStatistics.class, condition::statistics)
                .row("waiting", () -> inside)
                .run(seed, CALLS, List.of(await, await, signal));
    }

    private void semaphore(long seed) {
        BoundedSemaphore semaphore = BoundedSemaphore.of(3);
        new Ledger(SemaphoreStatistics.class, semaphore::statistics)
                .row("permits", () -> 3)
                .row("available", () -> 3 - done)
                .row("waiting", () -> inside)
                .run(seed, CALLS, List.of(() -> hold(semaphore::acquire, semaphore::release)));
    }

    private void limiter(long seed) {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(3);
        List<Object> borrowers = new ArrayList<>();
        more = 3;
        Action named = () -> {
            Object borrower = new Object();
            inside(() -> limiter.acquireFor(borrower));
            borrowers.add(borrower);
            try {
                Heddle.sleep(HOLD);
            } finally {
                borrowers.remove(borrower);
                limiter.releaseFor(borrower);
            }
        };
        new Ledger(ConcurrencyLimiterStatistics.class, limiter::statistics)
                .row("total", () -> more)
                .row("borrowed", borrowers::size)
                .row("waiting", () -> inside)
                .row("borrowers", () -> borrowers)
                .run(seed, CALLS, List.of(named, named, named, () -> {
                    more = 2 + more % 3;
                    limiter.setTotal((int) more);
                }));
    }

    private void barrier(long seed) {
        Barrier barrier = Barrier.of(3);
        Action arrive = () -> {
            try {
                inside(barrier::await);
            } catch (RuntimeException e) {
                flag = barrier.isBroken();
                throw e;
            }
        };
        new Ledger(BarrierStatistics.class, barrier::statistics)
                .row("parties", () -> 3)
                .row("arrived", () -> inside)
                .row("broken", () -> flag)
                .run(seed, CALLS, List.of(() -> survive(arrive), () -> survive(arrive), () -> {
                    barrier.reset();
                    flag = false;
                }));
    }

    private static void survive(Action call) throws Exception {
        try {
            call.run();
        } catch (RuntimeException expected) {
            // Others have gone.
        }
    }

    private void broadcast(long seed) {
        Broadcast<String> broadcast = Broadcast.create();
        List<Subscription<String>> subscribers = new ArrayList<>();
        Ledger ledger = new Ledger(BroadcastStatistics.class, broadcast::statistics)
                .row("subscribers", subscribers::size)
                // The one whose turn it is waits for a subscriber, the others for their turn.
                .row("waitingSenders", () -> Math.max(0, inside - 1))
                .row("closed", () -> flag);
        ledger.run(seed, CALLS, List.of(() -> {
            if (subscribers.size() < 4) {
                subscribers.add(broadcast.subscribe(2, Overflow.WAIT));
            }
        }, () -> {
            if (!subscribers.isEmpty()) {
                subscribers.removeFirst().close();
            }
        }, () -> inside(() -> broadcast.send("element")), () -> inside(() -> broadcast.send("element"))));
        flag = true;
        broadcast.close();
        subscribers.clear();
        ledger.check();
    }

    private void memo(long seed) {
        var random = new Random(seed);
        Set<Integer> fetching = new HashSet<>();
        Set<Integer> kept = new HashSet<>();
        Memo<Integer, String> memo = Memo.of("numbers", MemoOptions.DEFAULT, key -> {
            try {
                Heddle.sleep(HOLD);
            } finally {
                fetching.remove(key);
            }
            if (key == 0) {
                inside++;
                throw new IllegalStateException("no number");
            }
            kept.add(key);
            return "number " + key;
        });
        new Ledger(MemoStatistics.class, memo::statistics)
                .row("size", kept::size)
                .row("fetching", fetching::size)
                .row("hits", () -> done)
                .row("shared", () -> more)
                .row("fetches", () -> others)
                .row("failed", () -> inside)
                .row("evicted", () -> 0)
                .run(seed, CALLS, List.of(() -> {
                    int key = random.nextInt(6);
                    done += kept.contains(key) ? 1 : 0;
                    more += fetching.contains(key) ? 1 : 0;
                    others += !kept.contains(key) && fetching.add(key) ? 1 : 0;
                    survive(() -> memo.get(key));
                }, () -> {
                    kept.remove(5);
                    memo.forget(fetching.contains(5) ? -1 : 5);
                }));
    }

    private void breaker(long seed) {
        // A window in which nothing leaves, and a pause that does not end.
        CircuitBreaker breaker = CircuitBreaker.of("part", CircuitBreakerOptions.DEFAULT
                .withWindow(Duration.ofHours(1)).withMinCalls(20).withFailureShare(0.5));
        long[] counts = new long[3];
        Action good = () -> {
            try {
                breaker.run(() -> Heddle.sleep(HOLD));
                counts[0] += flag ? 0 : 1;
            } catch (CircuitOpenException e) {
                counts[2]++;
            }
        };
        Action bad = () -> {
            try {
                breaker.run(() -> {
                    throw new IllegalStateException("planned");
                });
            } catch (CircuitOpenException e) {
                counts[2]++;
            } catch (IllegalStateException e) {
                counts[0] += flag ? 0 : 1;
                counts[1] += flag ? 0 : 1;
                if (!flag && counts[0] >= 20 && counts[1] * 2 >= counts[0]) {
                    flag = true;
                    counts[0] = 0;
                    counts[1] = 0;
                }
            }
        };
        new Ledger(CircuitBreakerStatistics.class, breaker::statistics)
                .row("state", () -> flag ? CircuitBreaker.State.OPEN : CircuitBreaker.State.CLOSED)
                .row("calls", () -> counts[0])
                .row("failures", () -> counts[1])
                .row("trials", () -> 0)
                .row("refused", () -> counts[2])
                .row("opened", () -> flag ? 1 : 0)
                .run(seed, 60, List.of(good, good, bad));
    }

    private void taskPool(long seed) {
        Heddle.group(group -> {
            TaskPool pool = group.pool(3);
            Action spawn = () -> {
                inside(() -> pool.spawn(() -> {
                    done++;
                    try {
                        Heddle.sleep(HOLD);
                    } finally {
                        done--;
                    }
                }));
                more++;
            };
            new Ledger(TaskPoolStatistics.class, pool::statistics)
                    .row("limit", () -> 3)
                    .row("running", () -> done)
                    .row("waiting", () -> inside)
                    .row("spawned", () -> more)
                    .run(seed, CALLS, List.of(spawn));
            pool.awaitEmpty();
        });
    }

    private void loop(long seed) {
        Loop loop = Heddle.currentLoop();
        LoopStatistics before = loop.statistics();
        Action sleeper = () -> {
            done++;
            inside(() -> Heddle.sleep(HOLD));
        };
        Action spawner = () -> {
            done++;
            inside(() -> {
                Heddle.spawn(() -> {
                    done++;
                    Heddle.checkpoint();
                }).join();
                Heddle.sleep(HOLD);
            });
        };
        new Ledger(LoopStatistics.class, loop::statistics)
                .row("spawned", () -> before.spawned() + done)
                .row("aliveTasks", () -> before.aliveTasks() + inside)
                .row("readyItems", () -> 0)
                // Each that sleeps has one, and one its patience.
                .between("timers", () -> before.timers() + inside, () -> before.timers() + 2L * inside + 1)
                .between("turns", before::turns, () -> Long.MAX_VALUE)
                .between("ran", () -> before.ran() + done, () -> Long.MAX_VALUE)
                .between("polls", before::polls, () -> Long.MAX_VALUE)
                .run(seed, CALLS, List.of(sleeper, spawner));
    }

    private void udp(long seed) {
        try (UdpSocket one = Udp.bind("127.0.0.1", 0, DatagramOptions.DEFAULT.withMaxBytes(100));
                UdpSocket other = Udp.bind("127.0.0.1", 0)) {
            long[] counts = new long[3];
            Action send = () -> other.send(new byte[(int) (done++ % 3) * 80], one.localAddress());
            Action answer = () -> {
                one.send("answer", other.localAddress());
                counts[0]++;
            };
            Task<Void> receiving = Heddle.spawn(() -> {
                while (true) {
                    Datagram came = one.receive();
                    counts[1]++;
                    counts[2] += came.truncated() ? 1 : 0;
                }
            });
            new Ledger(UdpStatistics.class, one::statistics)
                    .row("sent", () -> counts[0])
                    .row("received", () -> counts[1])
                    .row("truncated", () -> counts[2])
                    .run(seed, CALLS, List.of(send, answer));
            receiving.cancel();
        }
    }

    private void bytes(long seed) {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        var meter = new ByteCounter();
        ByteStream metered = Streams.metered(pair.left(), meter);
        byte[] piece = new byte[1000];
        new Ledger(ByteCounterStatistics.class, meter::statistics)
                .row("bytesRead", () -> done)
                .row("bytesWritten", () -> more)
                .run(seed, CALLS, List.of(() -> {
                    if (inside == 0) {
                        inside(() -> done += metered.read(piece));
                    }
                }, () -> {
                    if (others == 0) {
                        int length = (int) (1 + (done + more) % 99);
                        elsewhere(() -> metered.write(piece, 0, length));
                        more += length;
                    }
                }, () -> {
                    if (!flag) {
                        flag = true;
                        pair.right().write(piece, 0, 10);
                        flag = false;
                    }
                }));
    }

    private void buffers(long seed) {
        BufferStatistics before = Buffers.statistics();
        MemoryStreams.Pair pair = MemoryStreams.pair();
        pair.right().write("first\nsecond\n");
        new Ledger(BufferStatistics.class, Buffers::statistics)
                // One is held for as long as something is unread.
                .row("borrowed", () -> before.borrowed() + (done == 1 ? 1 : 0))
                .between("idle", () -> 0, () -> Long.MAX_VALUE)
                .row("bufferBytes", before::bufferBytes)
                .run(seed, 20, List.of(() -> {
                    if (done < 2) {
                        pair.left().readLine(100);
                        done++;
                    }
                }));
    }
}

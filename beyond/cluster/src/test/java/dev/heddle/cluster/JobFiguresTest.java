package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.sim.Sim;
import dev.heddle.trace.TraceContext;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs with payloads of a type, and what is around their attempts: filters, and the trace in which they were submitted. */
final class JobFiguresTest {

    private static final JobHandlerOptions HANDLER = JobHandlerOptions.DEFAULT;

    private InMemoryStore store = InMemoryStore.create();

    /** What is to be sent to whom. */
    private record Order(String what, int count) {}

    /** Writes the newest form, and reads the one before, too. */
    private static final class OrderCodec implements JobCodec<Order> {

        @Override
        public Bytes encode(Order order) {
            return Bytes.utf8("2 " + order.count + " " + order.what);
        }

        @Override
        public Order decode(Bytes payload) {
            String[] fields = payload.utf8().split(" ", 3);
            return switch (fields[0]) {
                case "1" -> new Order(fields[1], 1);
                case "2" -> new Order(fields[2], Integer.parseInt(fields[1]));
                default -> throw new IllegalArgumentException("version " + fields[0]);
            };
        }
    }

    private static final JobKind<Order> SHIP = JobKind.of("ship", new OrderCodec());

    @Test
    void handlerOfAKindGetsWhatWasSubmittedAlsoInAnEarlierForm() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle(SHIP, 2,
                    (order, job) -> Bytes
                            .utf8(order.count() + " times " + order.what() + ", attempt " + job.attempt()))) {
                assertEquals("3 times tea cups, attempt 1", jobs.submit(SHIP, new Order("tea cups", 3)).join().utf8());
                assertEquals("2 times tea, attempt 1",
                        jobs.submit(SHIP.spec(new Order("tea", 2)).withPriority(9)).join().utf8());
                assertEquals("1 times tea, attempt 1", jobs.submit("ship", Bytes.utf8("1 tea")).join().utf8());
            }
        });
    }

    /** Failures of codecs that read a payload. */
    enum Misread {
        EXCEPTION, ERROR, NOTHING, DEEP
    }

    @ParameterizedTest
    @EnumSource
    void payloadThatIsNotReadIsADeadLetterAtOnce(Misread how) {
        JobKind<String> kind = JobKind.of("ship", new JobCodec<>() {
            @Override
            public Bytes encode(String value) {
                return Bytes.utf8(value);
            }

            @Override
            @SuppressWarnings("NullAway") // that is the point
            public String decode(Bytes payload) throws Exception {
                return switch (how) {
                    case EXCEPTION -> throw new ClassNotFoundException("shop.Order");
                    case ERROR -> throw new NoClassDefFoundError("shop.Order");
                    case DEEP -> decode(payload) + "x";
                    case NOTHING -> null;
                };
            }

            @Override
            public String toString() {
                return "an order of the shop";
            }
        });
        local(jobs -> {
            try (JobSubscription _ = jobs.handle(kind, 1, (_, _) -> Bytes.EMPTY)) {
                JobHandle job = jobs.submit(kind, "word");
                assertThrows(JobFailedException.class, job::join);
                JobStatus.Dead dead = assertInstanceOf(JobStatus.Dead.class, job.status());
                assertEquals(1, dead.attempts());
                assertEquals(
                        "dev.heddle.cluster.JobUnreadableException: the payload of 4 bytes is none that an order of the shop"
                                + " reads",
                        dead.error());
                assertTrue(job.snapshot().failure().orElseThrow().stack().contains("Caused by: "));
            }
        });
    }

    @Test
    void payloadThatIsNotReadYetIsTriedAgainIfTheHandlerSaysSo() {
        boolean[] knows = {false};
        JobKind<String> kind = JobKind.of("ship", new JobCodec<>() {
            @Override
            public Bytes encode(String value) {
                return Bytes.utf8(value);
            }

            @Override
            public String decode(Bytes payload) {
                if (!knows[0]) {
                    knows[0] = true;
                    throw new IllegalArgumentException("of a later version");
                }
                return payload.utf8();
            }
        });
        local(jobs -> {
            knows[0] = false;
            JobHandlerOptions options = HANDLER.withRetry(JobUnreadableException.class, Backoff.DEFAULT);
            try (JobSubscription _ = jobs.handle(kind, 1, options, (text, _) -> Bytes.utf8(text))) {
                JobHandle job = jobs.submit(kind, "word");
                assertEquals("word", job.join().utf8());
                assertEquals(new JobStatus.Done(2), job.status());
            }
        });
    }

    /** Encrypts what another codec writes, by AES-GCM with a nonce in front. */
    private record Sealed<T>(JobCodec<T> inner, SecretKey key) implements JobCodec<T> {

        private static final int NONCE = 12;
        private static final int TAG_BITS = 128;
        private static final SecureRandom RANDOM = new SecureRandom();

        @Override
        public Bytes encode(T value) {
            byte[] nonce = new byte[NONCE];
            RANDOM.nextBytes(nonce);
            byte[] plain = inner.encode(value).toArray();
            byte[] all = new byte[NONCE + plain.length + TAG_BITS / 8];
            System.arraycopy(nonce, 0, all, 0, NONCE);
            try {
                cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain, 0, plain.length, all, NONCE);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return Bytes.of(all);
        }

        @Override
        public T decode(Bytes payload) throws Exception {
            byte[] all = payload.toArray();
            return inner.decode(Bytes.of(cipher(Cipher.DECRYPT_MODE, all).doFinal(all, NONCE, all.length - NONCE)));
        }

        private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE));
            return cipher;
        }
    }

    @Test
    void codecAroundAnotherEncryptsAndWhatSomebodyElseWroteIsNotRead() {
        SecretKey key = new SecretKeySpec(new byte[32], "AES");
        JobKind<String> secret = JobKind.of("secret", new Sealed<>(JobCodec.TEXT, key));
        local(jobs -> {
            JobHandle job = jobs.submit(secret, "the vault is open");
            try (Cluster reader = join("reader")) {
                String kept = reader.lease().store().read(
                        new Key("jobs/q/record", job.id().replace("~", "%7e")), ReadConsistency.FRESH).join()
                        .orElseThrow().value().utf8();
                assertFalse(kept.contains("vault"), kept);
            }
            try (JobSubscription _ = jobs.handle(secret, 1, (text, _) -> Bytes.utf8(text.length() + " characters"))) {
                assertEquals("17 characters", job.join().utf8());
                byte[] forged = secret.codec().encode("the vault is shut").toArray();
                forged[20] ^= 1;
                JobHandle other = jobs.submit("secret", Bytes.of(forged));
                assertThrows(JobFailedException.class, other::join);
                assertEquals("dev.heddle.cluster.JobUnreadableException",
                        other.snapshot().failure().orElseThrow().type());
            }
        });
    }

    // ---- around an attempt ----

    @Test
    void filtersAreAroundEachAttemptInOrderAndSeeItsFailure() {
        local(jobs -> {
            List<String> told = new ArrayList<>();
            JobFilter outer = (job, next) -> {
                told.add(job.queue() + " " + job.name() + " " + job.attempt());
                try {
                    return Bytes.utf8(next.handle(job).utf8() + "!");
                } catch (IllegalStateException e) {
                    told.add("failed: " + e.getMessage());
                    throw e;
                }
            };
            JobFilter inner = (job, next) -> {
                told.add("inner");
                return next.handle(job);
            };
            try (JobSubscription _ = jobs.handle("work", 1, HANDLER.withFilter(outer).withFilter(inner), job -> {
                if (job.attempt() == 1) {
                    throw new IllegalStateException("no");
                }
                return Bytes.utf8("done");
            })) {
                assertEquals("done!", jobs.submit("work", Bytes.EMPTY).join().utf8());
                assertEquals(List.of("q work 1", "inner", "failed: no", "q work 2", "inner"), told);
            }
        });
    }

    @Test
    void filterThatFailsOrTakesTooLongIsAFailedAttempt() {
        local(jobs -> {
            JobFilter slow = (job, next) -> {
                if (job.attempt() == 1) {
                    throw new IllegalStateException("of the filter");
                }
                Heddle.sleep(Duration.ofHours(1));
                return next.handle(job);
            };
            JobHandlerOptions options = HANDLER.withFilter(slow).withAttemptTimeout(Duration.ofMinutes(1));
            try (JobSubscription _ = jobs.handle("work", 1, options, job -> job.payload())) {
                JobHandle job = jobs.submit(JobSpec.of("work", Bytes.EMPTY).withMaxAttempts(2));
                JobFailedException failed = assertThrows(JobFailedException.class, job::join);
                assertTrue(failed.getMessage().endsWith("not done within 1 min"), failed.getMessage());
            }
        });
    }

    @Test
    void attemptsRunInTheTraceInWhichTheirJobWasSubmitted() {
        local(jobs -> {
            TraceContext trace = new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 1,
                    "vendor=1");
            List<Optional<TraceContext>> seen = new ArrayList<>();
            try (JobSubscription _ = jobs.handle("work", 1,
                    HANDLER.withAttemptTimeout(Duration.ofMinutes(1)), job -> {
                        seen.add(TraceContext.current());
                        if (job.attempt() == 1) {
                            throw new IllegalStateException("once more");
                        }
                        return Bytes.EMPTY;
                    })) {
                JobHandle job = trace.call(() -> jobs.submit("work", Bytes.EMPTY));
                job.join();
                jobs.submit("work", Bytes.EMPTY).join();
                assertEquals(List.of(Optional.of(trace), Optional.of(trace), Optional.empty(), Optional.empty()), seen);
                seen.clear();
                trace.run(() -> jobs.schedule("soon", JobTimes.every(Duration.ofSeconds(10)),
                        JobSpec.of("work", Bytes.EMPTY)));
                Heddle.sleep(Duration.ofSeconds(15));
                assertEquals(Optional.empty(), seen.getFirst());
            }
        });
    }

    private interface Body {
        void run(Jobs jobs) throws Exception;
    }

    private void local(Body body) {
        Action action = () -> {
            store = InMemoryStore.create();
            try (Cluster cluster = join("a")) {
                body.run(cluster.jobs("q"));
            }
        };
        Sim.seeds(1, 3, action);
    }

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }
}

package dev.heddle.sim.programs;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Permits;

/** Locks, permits, tokens, conditions, barriers, events and promises. */
final class SyncWords extends Words {

    SyncWords(Interpreter interpreter) {
        super(interpreter);
    }

    @Override
    boolean does(Statement it, Frame frame) throws Exception {
        ModelTask me = frame.task();
        String what = it.what();
        Action inside = () -> block(it.body(), frame);
        switch (it.verb()) {
            case MONITOR -> monitor(it, frame, what);
            case WAIT -> {
                var monitor = things.monitor(it);
                call(monitor.model().await(me, what, ModelScope.NEVER), done(monitor.real().condition()::await));
            }
            case WAIT_WITHIN -> {
                var monitor = things.monitor(it);
                call(
                        monitor.model().await(me, what, limit(it)),
                        () -> inTime(monitor.real().condition().awaitWithin(millis(it.number()))));
            }
            case SIGNAL, SIGNAL_ALL -> {
                var monitor = things.monitor(it);
                boolean all = it.verb() == Verb.SIGNAL_ALL;
                model.step(me, what);
                model.result(
                        what,
                        monitor.model().signal(me, all) ? Call.DONE : Call.REFUSED,
                        outcome(me, done(
                                all ? monitor.real().condition()::signalAll : monitor.real().condition()::signal)));
            }
            case ARRIVE -> {
                var barrier = things.barrier(it);
                call(barrier.model().await(me, what), barrier.real()::await);
            }
            case ABORT_BARRIER -> {
                model.step(me, what);
                things.barrier(it).model().abort();
                things.barrier(it).real().abort();
            }
            case RESET -> {
                model.step(me, what);
                things.barrier(it).model().reset();
                things.barrier(it).real().reset();
            }
            case LOCK, PERMIT, TOKEN -> holding(it, frame, what, ModelScope.NEVER, SyncWords::runWith);
            case LOCK_WITHIN, PERMIT_WITHIN, TOKEN_WITHIN -> holding(it, frame, what, limit(it), (acquirable, body) -> {
                if (!acquirable.acquireWithin(millis(it.number()))) {
                    return false;
                }
                try {
                    body.run();
                } finally {
                    acquirable.release();
                }
                return true;
            });
            case LEND -> {
                var limiter = things.permits(it);
                call(
                        limiter.model().acquireFor(it.number(), me, what, ModelScope.NEVER),
                        done(() -> ((ConcurrencyLimiter) limiter.real()).acquireFor(it.number())));
            }
            case GIVE_BACK -> {
                var limiter = things.permits(it);
                model.step(me, what);
                model.result(
                        what,
                        limiter.model().release(it.number(), me) ? Call.DONE : Call.REFUSED,
                        outcome(me, done(() -> ((ConcurrencyLimiter) limiter.real()).releaseFor(it.number()))));
            }
            case TRY_PERMIT -> {
                var permits = things.permits(it);
                model.step(me, what);
                boolean got = permits.real().tryAcquire();
                model.result(what, permits.model().tryAcquire(me), got);
                if (got) {
                    try {
                        inside.run();
                    } finally {
                        release(it, me);
                        permits.real().release();
                    }
                }
            }
            case SET -> {
                model.step(me, what);
                things.event(it).model().set();
                things.event(it).real().set();
            }
            case CLEAR -> {
                model.step(me, what);
                things.event(it).model().clear();
                things.event(it).real().clear();
            }
            case AWAIT_WITHIN -> {
                var event = things.event(it);
                call(
                        event.model().await(me, what, limit(it)),
                        () -> inTime(event.real().awaitWithin(millis(it.number()))));
            }
            case KEEP -> {
                Object value = "value " + things.newElement();
                var promise = things.promise(it);
                model.step(me, what + " " + value);
                model.result(what, promise.model().decide(value), promise.real().tryComplete(value));
            }
            case BREAK -> {
                RuntimeException failure = things.newFailure();
                var promise = things.promise(it);
                model.step(me, what + " " + failure);
                model.result(what, promise.model().decide(failure), promise.real().tryFail(failure));
            }
            case CANCEL_PROMISE -> {
                var promise = things.promise(it);
                model.step(me, what);
                model.result(what, promise.model().decide(Call.TASK_CANCELLED), promise.real().cancel("a promise's"));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Runs a body that has something; whether it had it. */
    private interface Holding {
        boolean run(Permits acquirable, Action body) throws Exception;
    }

    private void holding(Statement it, Frame frame, String what, long limit, Holding call) throws Exception {
        var permits = things.permits(it);
        ModelTask me = frame.task();
        holding(permits.model().acquire(me, what, limit), permits.real(), call, () -> {
            try {
                block(it.body(), frame);
            } finally {
                release(it, me);
            }
        });
    }

    private void monitor(Statement it, Frame frame, String what) throws Exception {
        var monitor = things.monitor(it);
        ModelTask me = frame.task();
        holding(monitor.model().acquire(me, what), monitor.real().mutex(), SyncWords::runWith, () -> {
            try {
                block(it.body(), frame.inMonitor());
            } finally {
                model.step(me, "releases k" + it.target());
                monitor.model().release();
            }
        });
    }

    private static boolean runWith(Permits acquirable, Action body) {
        acquirable.run(body);
        return true;
    }

    private void holding(Call acquiring, Permits acquirable, Holding call, Action inside) throws Exception {
        boolean[] acquired = new boolean[1];
        model.begin(acquiring);
        try {
            boolean inTime = call.run(acquirable, () -> {
                acquired[0] = true;
                model.end(acquiring, Call.DONE);
                inside.run();
            });
            if (!inTime) {
                model.end(acquiring, Call.TOO_LATE);
            }
        } catch (CancelledException e) {
            if (!acquired[0]) {
                model.end(acquiring, Call.CANCELLED);
            }
            throw e;
        } catch (IllegalStateException e) {
            if (acquired[0]) {
                throw e;
            }
            model.end(acquiring, Call.REFUSED);
        }
    }

    private void release(Statement it, ModelTask me) {
        model.step(me, "releases " + it.verb().letter + it.target());
        things.permits(it).model().release(me);
    }
}

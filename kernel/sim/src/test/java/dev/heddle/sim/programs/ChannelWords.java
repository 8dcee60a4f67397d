package dev.heddle.sim.programs;

import dev.heddle.CancelledException;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
import dev.heddle.sync.Subscription;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

/** Channels, selects, queues of work and broadcasts. */
final class ChannelWords extends Words {

    private static final Set<Verb> CLAUSES = EnumSet.of(Verb.SEND, Verb.RECEIVE, Verb.AWAIT, Verb.JOIN_PROMISE);

    /** By the number of a subscription; with a larger one senders wait for it. */
    private static final List<Overflow> POLICIES = List.of(
            Overflow.DROP_OLDEST, Overflow.DROP_NEWEST, Overflow.DISCONNECT, Overflow.DROP_OLDEST,
            Overflow.DROP_NEWEST, Overflow.DISCONNECT);

    ChannelWords(Interpreter interpreter) {
        super(interpreter);
    }

    @Override
    boolean does(Statement it, Frame frame) throws Exception {
        ModelTask me = frame.task();
        String what = it.what();
        switch (it.verb()) {
            case SEND, RECEIVE, AWAIT, JOIN_PROMISE -> {
                Clause clause = clause(it, me);
                call(clause.model, clause.real);
            }
            case SELECT, SELECT_IN_ORDER, SELECT_WITHIN -> select(it, frame, what);
            case SEND_WITHIN -> {
                int element = things.newElement();
                var channel = things.channel(it);
                call(
                        channel.model().send(me, element, what + " " + element, limit(it)),
                        () -> inTime(channel.real().sendWithin(element, millis(it.number()))));
            }
            case TRY_SEND -> {
                int element = things.newElement();
                var channel = things.channel(it);
                model.step(me, what + " " + element);
                Object expected = channel.model().trySend(element);
                model.result(what, expected, outcome(me, () -> inTime(channel.real().trySend(element))));
            }
            case RECEIVE_WITHIN -> {
                var channel = things.channel(it);
                call(
                        channel.model().receive(me, what, limit(it)),
                        () -> inTime(channel.real().receiveWithin(millis(it.number()))));
            }
            case TRY_RECEIVE -> {
                var channel = things.channel(it);
                model.step(me, what);
                Object expected = channel.model().tryReceive();
                model.result(what, expected, outcome(me, () -> inTime(channel.real().tryReceive())));
            }
            case CLOSE -> {
                model.step(me, what);
                things.channel(it).model().close();
                things.channel(it).real().close();
            }
            case ABORT -> {
                model.step(me, what);
                things.channel(it).model().abort();
                things.channel(it).real().abort();
            }
            case PUT, PUT_WITHIN -> {
                int element = things.newElement();
                var queue = things.queue(it);
                boolean limited = it.verb() == Verb.PUT_WITHIN;
                call(
                        queue.model().send(me, element, what + " " + element, limited ? limit(it) : ModelScope.NEVER),
                        limited
                                ? () -> inTime(queue.real().putWithin(element, millis(it.number())))
                                : done(() -> queue.real().put(element)));
            }
            case TAKE -> {
                var queue = things.queue(it);
                call(queue.model().receive(me, what, ModelScope.NEVER), queue.real()::take);
            }
            case TAKE_WITHIN -> {
                var queue = things.queue(it);
                call(
                        queue.model().receive(me, what, limit(it)),
                        () -> inTime(queue.real().takeWithin(millis(it.number()))));
            }
            case ELEMENT_DONE -> {
                var queue = things.queue(it);
                model.step(me, what);
                model.result(what, queue.model().elementDone(), outcome(me, done(queue.real()::taskDone)));
            }
            case AWAIT_ALL_DONE -> {
                var queue = things.queue(it);
                call(queue.model().awaitAllDone(me, what, ModelScope.NEVER), done(queue.real()::awaitAllDone));
            }
            case CLOSE_QUEUE -> {
                model.step(me, what);
                things.queue(it).model().close();
                things.queue(it).real().close();
            }
            case ABORT_QUEUE -> {
                model.step(me, what);
                things.queue(it).model().abort();
                things.queue(it).real().abort();
            }
            case SUBSCRIBE -> subscribe(it, frame, what);
            case PUBLISH -> {
                int element = things.newElement();
                var broadcast = things.broadcast(it);
                callInParts(
                        broadcast.model().send(me, element, what + " " + element),
                        done(() -> broadcast.real().send(element)));
            }
            case TAKE_PUBLISHED -> {
                var subscription = frame.subscription();
                if (subscription != null) {
                    call(
                            subscription.model().receive(me, what, ModelScope.NEVER),
                            () -> subscription.real().receive());
                }
            }
            case CLOSE_BROADCAST -> {
                model.step(me, what);
                things.broadcast(it).model().close();
                things.broadcast(it).real().close();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A call beside its model; {@code select} is how it is added to one. */
    private record Clause(Call model, Callable<?> real, BiFunction<Select<Object>, Integer, Select<Object>> select) {}

    private Clause clause(Statement it, ModelTask me) {
        switch (it.verb()) {
            case SEND -> {
                int element = things.newElement();
                var channel = things.channel(it);
                return new Clause(
                        channel.model().send(me, element, it.line() + " " + element, ModelScope.NEVER),
                        done(() -> channel.real().send(element)),
                        (select, i) -> select.send(channel.real(), element, () -> chosen(i, Call.DONE)));
            }
            case RECEIVE -> {
                var channel = things.channel(it);
                return new Clause(
                        channel.model().receive(me, it.line(), ModelScope.NEVER),
                        () -> channel.real().receive(),
                        (select, i) -> select.receive(channel.real(), element -> chosen(i, element)));
            }
            case AWAIT -> {
                var event = things.event(it);
                return new Clause(
                        event.model().await(me, it.line(), ModelScope.NEVER),
                        done(event.real()::await),
                        (select, i) -> select.await(event.real(), () -> chosen(i, Call.DONE)));
            }
            case JOIN_PROMISE -> {
                var promise = things.promise(it);
                return new Clause(
                        promise.model().join(me, it.line()),
                        () -> promise.real().join(),
                        (select, i) -> select.join(promise.real(), value -> chosen(i, value)));
            }
            default -> throw new IllegalArgumentException("no clause: " + it.verb());
        }
    }

    private static ModelSelect.Chosen chosen(int clause, Object outcome) {
        return new ModelSelect.Chosen(clause, outcome);
    }

    private void select(Statement it, Frame frame, String what) throws Exception {
        ModelTask me = frame.task();
        List<Clause> clauses = it.body().stream()
                .filter(each -> CLAUSES.contains(each.verb()))
                .map(each -> clause(each, me))
                .toList();
        if (clauses.isEmpty()) {
            return;
        }
        boolean inOrder = it.verb() == Verb.SELECT_IN_ORDER;
        boolean limited = it.verb() == Verb.SELECT_WITHIN;
        Select<Object> select = inOrder ? Select.inOrder() : Select.of();
        for (int i = 0; i < clauses.size(); i++) {
            clauses.get(i).select.apply(select, i);
        }
        List<Call> calls = clauses.stream().map(Clause::model).toList();
        long limit = limited ? limit(it) : ModelScope.NEVER;
        var call = new ModelSelect(model, me, what, limit, inOrder, calls);
        call(call, () -> {
            try {
                return limited ? inTime(select.getWithin(millis(it.number()))) : select.get();
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException e) {
                Object outcome = known(me, e);
                return chosen(ModelSelect.UNKNOWN, outcome == null ? e : outcome);
            }
        });
    }

    private void subscribe(Statement it, Frame frame, String what) throws Exception {
        var broadcast = things.broadcast(it);
        model.step(frame.task(), what);
        if (broadcast.model().isClosed()) {
            return;
        }
        int capacity = 1 + it.number() % 2;
        Overflow policy = it.number() < POLICIES.size() ? POLICIES.get(it.number()) : Overflow.WAIT;
        ModelChannel expected = broadcast.model().subscribe(capacity, policy);
        try (Subscription<Integer> subscription = broadcast.real().subscribe(capacity, policy)) {
            block(it.body(), frame.subscribed(new Things.Both<>(subscription, expected)));
        } finally {
            model.step(frame.task(), "leaves r" + it.target());
            broadcast.model().unsubscribe(expected);
        }
    }
}

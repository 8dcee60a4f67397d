package dev.heddle.sim.programs;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.timeout;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Time, cancel scopes and the control flow of a task. */
final class FlowWords extends Words {

    /** After this time everything is cancelled, since programs may wait for what never comes. */
    private static final int HORIZON = 100;

    private final Map<Integer, Opened> scopes = new HashMap<>();

    FlowWords(Interpreter interpreter) {
        super(interpreter);
    }

    private record Opened(CancelScope scope, ModelScope model) {}

    @Override
    boolean does(Statement it, Frame frame) throws Exception {
        ModelTask me = frame.task();
        String what = it.what();
        Action inside = () -> block(it.body(), frame);
        switch (it.verb()) {
            case SLEEP -> call(it.number() == 0 ? model.checkpoint(me) : model.sleep(me, it.number()), () -> {
                sleep(millis(it.number()));
                return Call.DONE;
            });
            case CHECKPOINT -> call(model.checkpoint(me), () -> {
                checkpoint();
                return Call.DONE;
            });
            case TIMEOUT -> scoped(frame, what, false, it.number(), (scope, body) -> {
                timeout(millis(it.number()), body);
                return true;
            }, inside);
            case MOVE_ON_AFTER ->
                scoped(frame, what, false, it.number(), (scope, body) -> moveOnAfter(millis(it.number()), body),
                        inside);
            case SHIELD -> scoped(frame, what, true, it.number(), (scope, body) -> {
                shield(millis(it.number()), body);
                return true;
            }, inside);
            case OPEN -> scoped(frame, what, false, -1, (scope, body) -> CancelScope.open(opened -> {
                scopes.put(it.target(), new Opened(opened, scope));
                try {
                    body.run();
                } finally {
                    scopes.remove(it.target());
                }
            }), inside);
            case CANCEL_SCOPE -> {
                Opened scope = scopes.get(it.target());
                if (scope != null) {
                    model.step(me, what);
                    scope.model.cancel();
                    scope.scope.cancel("a scope's");
                }
            }
            case OFFLOAD -> {
                Call entering = model.checkpoint(me);
                boolean[] entered = new boolean[1];
                model.begin(entering);
                try {
                    offload(() -> {
                        entered[0] = true;
                        model.end(entering, Call.DONE);
                        inside.run();
                    });
                } catch (CancelledException e) {
                    if (!entered[0]) {
                        model.end(entering, Call.CANCELLED);
                    }
                    throw e;
                }
            }
            case ATTEMPT -> {
                try {
                    inside.run();
                } catch (CancelledException e) {
                    throw e;
                } catch (RuntimeException e) {
                    model.step(me, "catches " + Model.name(e));
                }
            }
            case SWALLOW -> {
                try {
                    inside.run();
                } catch (CancelledException e) {
                    model.step(me, "swallows its cancel");
                    me.swallowedIn = me.scope;
                }
            }
            case FINALLY -> {
                try {
                    block(it.body().subList(0, it.body().size() / 2), frame);
                } finally {
                    block(it.body().subList(it.body().size() / 2, it.body().size()), frame);
                }
            }
            case REPEAT -> {
                for (int i = 0; i < it.number(); i++) {
                    inside.run();
                }
            }
            case FAIL -> {
                RuntimeException failure = things.newFailure();
                model.step(me, "throws " + failure);
                throw failure;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    void untilHorizon(Frame frame, List<Statement> body) throws Exception {
        scoped(
                frame,
                "moveOnAfter(" + HORIZON + ")",
                false,
                HORIZON,
                (scope, inside) -> moveOnAfter(millis(HORIZON), inside),
                () -> block(body, frame));
    }

    /** Runs a body in a scope; whether it was done. */
    private interface Scoped {
        boolean run(ModelScope scope, Action body) throws Exception;
    }

    private void scoped(Frame frame, String what, boolean shield, int millis, Scoped call, Action inside)
            throws Exception {
        ModelTask me = frame.task();
        ModelScope scope = model.enter(me, what, shield, millis < 0 ? ModelScope.NEVER : millis);
        Throwable[] thrown = new Throwable[1];
        try {
            boolean done = call.run(scope, () -> {
                try {
                    inside.run();
                } catch (Throwable e) {
                    thrown[0] = e;
                    throw e;
                }
            });
            model.leave(me, scope, what, thrown[0], null, !done);
        } catch (RuntimeException e) {
            model.leave(me, scope, what, thrown[0], e, false);
            if (!(e instanceof DeadlineExceededException)) {
                throw e;
            }
        }
    }
}

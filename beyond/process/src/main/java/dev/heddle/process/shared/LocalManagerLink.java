package dev.heddle.process.shared;

import static dev.heddle.Heddle.group;

import dev.heddle.Action;
import dev.heddle.Loop;
import dev.heddle.process.internal.codec.Codec;

/** The link from a manager's own process to its loop. Threads: any. */
final class LocalManagerLink extends PendingCalls {

    private final Loop loop;
    private final SharedObjects objects;
    private final ManagerSession session;
    private final Codec codec;
    private final String where;

    /**
     * @param where the manager, for people
     */
    LocalManagerLink(Loop loop, SharedObjects objects, String where) {
        this.loop = loop;
        this.objects = objects;
        this.codec = objects.codec();
        this.where = where;
        this.session = new ManagerSession(
                "this process", ProcessHandle.current().pid(), objects, Integer.MAX_VALUE,
                (call, answer) -> complete(call.number, answer));
    }

    /** Takes calls until the body ends, whose end the calls see as the end of the manager. On the loop. */
    void during(Action body) {
        group(g -> {
            session.begin(g);
            try {
                body.run();
            } finally {
                session.end();
            }
        });
    }

    @Override
    public Codec codec() {
        return codec;
    }

    @Override
    public String where() {
        return where;
    }

    @Override
    void send(long number, RemoteReference target, CallTable.Entry entry, byte[] arguments) {
        Call call = Call.here(number, target, entry, arguments);
        onLoop(() -> session.call(call));
    }

    @Override
    void sendCancel(long number) {
        onLoop(() -> session.cancel(number));
    }

    @Override
    public void changed(int object) {
        onLoop(() -> objects.changed(object));
    }

    @Override
    public void callerEnded(Thread caller) {
        onLoop(() -> session.callerEnded(Callers.number(caller)));
    }

    private void onLoop(Runnable action) {
        try {
            loop.callFromThread(action);
        } catch (IllegalStateException e) {
            // Then the end of the loop ends all calls, or has done so.
            end();
        }
    }
}

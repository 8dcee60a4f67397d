package dev.heddle.process.shared;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The manager's ledger of a queue: which process has taken how much that is not done, and what is lost with those that
 * have ended. Processes at the ring have an account there, of the others it is kept here.
 *
 * <p>Confined to the manager's loop.
 */
final class QueueLedger {

    private final Ring ring;
    private final RingAccounts accounts;

    /** Who has the account of a number. */
    private final @Nullable ManagerSession[] owners = new ManagerSession[RingAccounts.COUNT];

    /** What is open of those without an account, which is in that of nobody. */
    private final Map<ManagerSession, Long> others = new HashMap<>();

    private int neverInRing;
    private long lost;
    private String lostBy = "";

    QueueLedger(Ring ring) {
        this.ring = ring;
        this.accounts = ring.accounts();
    }

    /** Opens an account, or gives that which it has; {@link RingAccounts#NOBODY} if all are taken. */
    int open(ManagerSession session) {
        int free = RingAccounts.NOBODY;
        for (int i = RingAccounts.COUNT - 1; i > RingAccounts.NOBODY; i--) {
            if (owners[i] == session) {
                return i;
            }
            free = owners[i] == null ? i : free;
        }
        if (free != RingAccounts.NOBODY) {
            owners[free] = session;
        }
        return free;
    }

    /** The account of a session, that of nobody if it has none. */
    int account(@Nullable ManagerSession session) {
        for (int i = RingAccounts.NOBODY + 1; session != null && i < owners.length; i++) {
            if (owners[i] == session) {
                return i;
            }
        }
        return RingAccounts.NOBODY;
    }

    // ---- counting ----

    /** An element was taken and counted in its account. */
    void taken(@Nullable ManagerSession session) {
        if (session != null && account(session) == RingAccounts.NOBODY) {
            others.merge(session, 1L, Long::sum);
        }
    }

    /** An element was taken that never was in the ring. */
    void takenElsewhere() {
        neverInRing++;
    }

    /** Counts one as done: of the session's own, then of what is lost, then of anybody who has handed it on. */
    boolean done(@Nullable ManagerSession session) {
        int own = account(session);
        if (own != RingAccounts.NOBODY && accounts.addDone(own)) {
            return true;
        }
        if (others.containsKey(session)) {
            return doneByOther(session);
        }
        if (lost > 0) {
            lost--;
            return accounts.addDone(RingAccounts.NOBODY);
        }
        for (int i = RingAccounts.NOBODY + 1; i < owners.length; i++) {
            if (accounts.addDone(i)) {
                return true;
            }
        }
        return others.isEmpty()
                ? accounts.addDone(RingAccounts.NOBODY)
                : doneByOther(others.keySet().iterator().next());
    }

    private boolean doneByOther(@Nullable ManagerSession session) {
        others.compute(session, (s, open) -> open == null || open == 1 ? null : open - 1);
        return accounts.addDone(RingAccounts.NOBODY);
    }

    // ---- what is lost ----

    long lost() {
        return lost;
    }

    /** What was lost, in words. */
    String loss() {
        return lost + (lost == 1 ? " element was" : " elements were")
                + " taken by processes that ended without taskDone(), the last of them " + lostBy;
    }

    /** Counts all that is lost as done, and says how many there were. */
    long writeOff() {
        long all = lost;
        for (; lost > 0; lost--) {
            accounts.addDone(RingAccounts.NOBODY);
        }
        return all;
    }

    /**
     * A session has ended.
     *
     * @return whether its process may still be in the ring: to be told again when that has ended
     */
    boolean departed(ManagerSession session) {
        Long open = others.remove(session);
        lose(open == null ? 0 : open, session);
        int account = account(session);
        if (account == RingAccounts.NOBODY) {
            return false;
        }
        if (session.isProcessAlive()) {
            return true;
        }
        ring.recover(account, neverInRing);
        lose(accounts.open(account), session);
        accounts.close(account);
        owners[account] = null;
        return false;
    }

    private void lose(long open, ManagerSession session) {
        if (open > 0) {
            lost += open;
            lostBy = session.toString();
        }
    }
}

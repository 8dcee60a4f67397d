package dev.heddle.sim.programs;

/** What must have happened at least once in a search, or its programs look at too little. */
enum Sometimes {
    CANCEL_MET_A_SLEEP("a cancel met a sleep"),
    CANCEL_MET_A_SEND("a cancel met the send of a full channel"),
    CANCEL_MET_A_RECEIVE("a cancel met the receive of an empty channel"),
    CANCEL_MET_A_JOIN("a cancel met a join"),
    CANCEL_MET_A_LOCK("a cancel met a call in line for a mutex"),
    CANCEL_MET_A_PERMIT("a cancel met a call in line for a permit"),
    CANCEL_MET_AN_EVENT("a cancel met a wait for an event"),
    DEADLINE_CUT_OFF("a deadline cut a body off"),
    DEADLINE_CAME_LATE("a deadline passed after its body had its last wait"),
    DEADLINE_IN_A_SHIELD("a deadline fired in a shield"),
    SHIELD_HELD("a shield kept a cancel away from a call"),
    SCOPE_CUT_OFF("a scope's own cancel ended it"),
    CANCEL_PASSED_A_SCOPE("a cancel from outside passed a scope"),
    BOTH_CANCELLED("a scope and the one around it were both cancelled"),
    CANCEL_CAME_AGAIN("a swallowed cancel came again"),
    CANCELLED_BEFORE_IT_BEGAN("a task was cancelled before its first step"),
    CANCELLED_WAITER_WAS_SERVED("what a call waited for was handed to it after its cancel"),
    SERVED_WAITER_WAS_CANCELLED("a cancel came to a call that had been served"),
    SEND_MET_A_RECEIVER("a send met a waiting receiver"),
    RECEIVE_MET_A_SENDER("a receive met a waiting sender"),
    RECEIVE_LET_A_SENDER_IN("a receive let a waiting sender into the buffer"),
    CLOSE_MET_A_SENDER("a close met a waiting sender"),
    CLOSE_MET_A_RECEIVER("a close met a waiting receiver"),
    CLOSED_CHANNEL_WAS_DRAINED("a closed channel was drained"),
    LIMIT_PASSED("the limit of a call passed"),
    LIMIT_MET_A_CANCEL("a limit and a cancel met at the same instant"),
    LOCK_WAS_HANDED_OVER("a mutex was handed to the next in line"),
    PERMIT_WAS_HANDED_OVER("a permit was handed to the next in line"),
    PERMIT_WENT_TO_A_CANCELLED_CALL("a permit was handed to a call in a cancelled scope"),
    REFUSED("a second hold of the same task was refused"),
    EVENT_WOKE_SEVERAL("an event woke several calls"),
    PROMISE_MET_A_JOIN("a promise met a waiting join"),
    TASK_MET_A_JOIN("the end of a task met a waiting join"),
    JOINED_A_FAILURE("a join gave the failure of a task"),
    JOINED_A_CANCELLED("a join met a cancelled task"),
    JOINED_IN_A_CANCELLED_SCOPE("a join in a cancelled scope gave what had ended"),
    GROUP_FAILED("a group failed"),
    GROUP_FAILED_TWICE("a group had several failures"),
    GROUP_SWALLOWED_ITS_CANCEL("a group's own cancel just ended it"),
    GROUP_GREW_WHILE_CLOSING("a task was spawned into a closing group"),
    OWNED_TASK_WAS_CANCELLED("a task ended and cancelled those it owned"),
    FAILURE_WAS_REPORTED("a failure that nobody joined was reported"),
    CANCEL_BY_CHANCE("a fault cancelled a task");

    final String words;

    Sometimes(String words) {
        this.words = words;
    }
}

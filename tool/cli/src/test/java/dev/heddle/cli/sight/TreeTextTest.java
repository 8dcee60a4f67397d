package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A tree of tasks is printed line by line, each task deeper than its owner. */
class TreeTextTest {

    private static String text(String json) {
        var text = new TreeText("");
        return json.lines().map(AnswerLine::parse).map(text::of).collect(Collectors.joining());
    }

    @Test
    void tasksStandBelowTheirOwnersAndGroups() {
        assertEquals(
                """
                        main (epoll), 6 tasks
                          main #1: the end of its 2 tasks, for 3.20 s  (5.00 s old, App.java:9)
                            alone #2: ready to run  (5.00 s old, App.java:12)
                            group:
                              fetch #3: reading 127.0.0.1:80, for 34 ms, 6.00 s left  (5.00 s old)
                                group:
                                  parse #4: not begun  (0.0 ms old)
                              store #5: acquiring mutex m, held by task x (main, running), for 1.00 s  (1.00 s old)
                            services of the group:
                              log #6: sleeping 1 h, for 1.00 s, cancelled 2.00 s ago: enough  (1.00 s old) at App.log(App.java:40)
                        """,
                text("""
                        {"kind":"loop","loop":"main","engine":"epoll","tasks":6,"answers":true}
                        {"kind":"task","loop":"main","id":1,"depth":1,"name":"main","state":"waiting","age":5000,"waited":3200,"for":"the end of its 2 tasks","spawned":"com.acme.App.main(App.java:9)"}
                        {"kind":"task","loop":"main","id":2,"parent":1,"depth":2,"name":"alone","state":"ready","age":5000,"spawned":"com.acme.App.main(App.java:12)"}
                        {"kind":"task","loop":"main","id":3,"parent":1,"depth":2,"name":"fetch","state":"waiting","group":1,"age":5000,"waited":34,"for":"reading 127.0.0.1:80","deadline":6000}
                        {"kind":"task","loop":"main","id":4,"parent":3,"depth":3,"name":"parse","state":"pending","group":1,"age":0}
                        {"kind":"task","loop":"main","id":5,"parent":1,"depth":2,"name":"store","state":"waiting","group":1,"age":1000,"waited":1000,"for":"acquiring mutex m","holders":["task x (main, running)"]}
                        {"kind":"task","loop":"main","id":6,"parent":1,"depth":2,"name":"log","state":"waiting","group":1,"service":true,"age":1000,"waited":1000,"for":"sleeping 1 h","cancelled":"enough","cancelledFor":2000,"at":"App.log(App.java:40)"}
                        """));
    }

    @Test
    void whatIsLeftOutIsCountedWhereItWouldStand() {
        assertEquals("""
                main (nio), 9 tasks
                  main #1: ready to run  (1.00 s old)
                    top #2: ready to run  (1.00 s old)
                      ... and 6 more tasks
                  ... and 1 more task
                """, text("""
                {"kind":"loop","loop":"main","engine":"nio","tasks":9,"answers":true}
                {"kind":"task","id":1,"depth":1,"name":"main","state":"ready","age":1000}
                {"kind":"task","id":2,"depth":2,"name":"top","state":"ready","age":1000}
                {"kind":"more","parent":2,"depth":3,"tasks":6}
                {"kind":"more","tasks":1}
                """));
    }

    @Test
    void whoIsWaitedForByNameIsNotNamedTwice() {
        assertEquals("  a #1: joining task b (main, running)  (0.0 ms old)\n",
                text("""
                        {"kind":"task","id":1,"depth":1,"name":"a","state":"waiting","for":"joining task b (main, running)","holders":["task b (main, running)"]}
                        """));
    }

    @Test
    void loopThatDoesNotAnswerSaysWhatHoldsIt() {
        assertEquals("main (nio), 9 tasks, does not answer; held by spin #7 at App.spin(App.java:3)\n",
                text("""
                        {"kind":"loop","loop":"main","engine":"nio","tasks":9,"answers":false,"running":"spin","task":7,"at":"App.spin(App.java:3)"}
                        """));
    }

    @Test
    void loopThatAnswersNoMoreInTheMidstSaysSo() {
        assertEquals("  main answers no more; held by spin #7 at App.spin(App.java:3)\n", text("""
                {"kind":"held","loop":"main","running":"spin","task":7,"at":"App.spin(App.java:3)"}
                """));
    }

    @Test
    void nameNeverMovesTheCursor() {
        assertEquals("  a?[31m?b #1: not begun  (0.0 ms old)\n", text("""
                {"kind":"task","id":1,"depth":1,"name":"a\\u001b[31m\\nb","state":"pending"}
                """));
    }
}

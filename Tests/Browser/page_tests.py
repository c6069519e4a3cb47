#!/usr/bin/env python3
"""Tests of the page in a real browser. Called by scripts/test-page:

    page_tests.py CHROMIUM ADDRESS STANDALONE HOSTILE [NAME...]

ADDRESS is a server with the nano pair, HOSTILE a trace that means ill, and STANDALONE its page by `tandem trace show --html`.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))  # python -I leaves it out
from harness import ask, await_end, expect, run, told_in_time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHROMIUM, ADDRESS, STANDALONE, HOSTILE = sys.argv[1:5]


def a_live_run_shows_who_wrote_what_and_when(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        expect(page.locator(".state")).to_contain_text("Done")
        for author in ("small", "large"):
            assert page.locator(f".thinking .by.{author}").count() > 0, author
            assert page.locator(f".timeline rect.{author}").count() > 0, author
        assert page.locator(".thinking .hand.large").count() > 0
        expect(page.locator(".answer")).to_contain_text("24")
        expect(page.locator("table tbody tr")).to_have_count(2)
        assert page.locator(".tentative").count() == 1, "only the legend's: all of the run is settled"
        expect(page.locator(".end-time")).to_contain_text(" s")


def what_was_not_kept_is_folded_and_can_be_hidden(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        folded = page.locator(".not-kept").first
        expect(folded.locator("summary")).to_contain_text("not kept")
        expect(folded.locator("del").first).to_be_hidden()
        folded.locator("summary").click()
        expect(folded.locator("del").first).to_be_visible()
        page.locator("#show-discarded").uncheck()
        expect(folded).to_be_hidden()


def the_thinking_ends_when_it_is_told_to(browser):
    def happened(page):
        if "thinking cut" not in page.locator(".state").inner_text():
            return False
        assert page.locator(".answer").inner_text().strip()
        return True
    told_in_time(browser, "end", "large-only", happened)


def the_large_model_takes_over_when_it_is_told_to(browser):
    told_in_time(
        browser, "over", "speculative-thinking", lambda page: page.locator(".hand.large", has_text="requested").count())


def a_run_can_be_cancelled(browser):
    def happened(page):
        if page.locator(".state").inner_text() != "Cancelled":
            return False
        expect(page.locator(".controls")).to_be_hidden()
        return True
    told_in_time(browser, "cancel", "large-only", happened)


def two_strategies_think_side_by_side(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking", "large-only")
        await_end(page)
        runs = page.locator(".run")
        expect(runs).to_have_count(2)
        left, right = (runs.nth(index).bounding_box() for index in (0, 1))
        assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 2, (left, right)
        expect(runs.nth(1).locator("h3")).to_contain_text("large-only")
        assert runs.nth(1).locator(".thinking .by.small").count() == 0


def drafts_stand_side_by_side_with_their_scores(browser):
    with browser.page() as page:
        ask(page, "length-filtered-vote")
        await_end(page)
        cards = page.locator(".drafts li")
        expect(cards).to_have_count(8)
        expect(page.locator(".drafts li.chosen")).to_have_count(1)
        expect(page.locator(".drafts meter")).to_have_count(8)
        assert all(text.strip() for text in page.locator(".drafts .text").all_inner_texts())


def the_answer_becomes_part_of_the_conversation_and_the_thinking_does_not(browser):
    with browser.page() as page:
        sent = []
        page.on("request", lambda request: sent.append(request.post_data_json) if "/runs" in request.url else None)
        ask(page, "large-only", question="Use 1, 2, 3 to make 6.")
        await_end(page)
        expect(page.locator("button[name=go]")).to_have_text("Ask further")
        answer = page.locator(".answer").inner_text().strip().removeprefix("large:").strip()
        thinking = page.locator(".thinking .by").first.inner_text().strip()
        ask(page, "large-only", question="And 7?")
        await_end(page)
        messages = sent[-1]["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant", "user"], messages
        assert answer in messages[1]["content"], messages
        assert thinking[:40] not in json.dumps(messages), "the thinking was sent"
        expect(page.locator(".turn")).to_have_count(2)
        page.locator("button[name=fresh]").click()
        expect(page.locator(".turn")).to_have_count(0)


def the_form_of_settings_comes_from_their_schema(browser):
    with browser.page() as page:
        sent = []
        page.on("request", lambda request: sent.append(request.post_data_json) if "/runs" in request.url else None)
        page.locator("select[name=left]").select_option("nano/speculative-thinking")
        page.locator(".side .settings summary").first.click()
        field = page.locator("[data-setting=takeoverTokens]")
        field.fill("0.5")
        page.locator("button[name=go]").click()
        assert not sent, "a setting that makes no sense was sent"
        assert "whole number" in field.evaluate("input => input.validationMessage")
        field.fill("7")
        page.locator("[data-setting=answeredBy]").select_option("large")
        page.locator("[data-setting=nonReasoning]").check()
        page.locator("button[name=go]").click()
        await_end(page)
        assert sent[-1]["tandem"]["settings"] == {"takeoverTokens": 7, "answeredBy": "large", "nonReasoning": True}, sent
        assert "takeoverTokens: 7" in page.locator(".run h3").get_attribute("title")


def limits_and_sampling_are_sent(browser):
    with browser.page() as page:
        sent = []
        page.on("request", lambda request: sent.append(request.post_data_json) if "/runs" in request.url else None)
        page.locator(".limits summary").click()
        for name, value in {"seed": 5, "temperature": 0, "thinking": 30, "seconds": 60}.items():
            page.locator(f"input[name={name}]").fill(str(value))
        ask(page, "large-only")
        await_end(page)
        expect(page.locator(".state")).to_contain_text("cut at its budget")
        body = sent[-1]
        assert (body["seed"], body["temperature"], body["thinking_budget_tokens"]) == (5, 0, 30), body
        assert body["tandem"]["deadline"] == 60, body


def prices_give_costs_and_are_kept(browser):
    with browser.page() as page:
        ask(page, "large-only")
        await_end(page)
        expect(page.locator("tbody tr").last.locator("td").nth(4)).not_to_have_text("–")  # the usage of all of the run
        assert "cost" not in page.locator("thead").inner_text()
        page.locator(".prices summary").click()
        page.locator("[name='large.output']").fill("1000000")
        page.locator("[name='large.input']").fill("0")
        page.keyboard.press("Tab")
        expect(page.locator("thead")).to_contain_text("cost")
        tokens = sum(int(cell) for cell in page.locator("tbody tr").last.locator("td").all_inner_texts()[:3])
        expect(page.locator("tbody tr td").last).to_have_text(str(tokens))
        page.reload()
        expect(page.locator("[name='large.output']")).to_have_value("1000000")


def check_hostile(page):
    """Nothing of a hostile trace became more than text."""
    expect(page.locator(".run")).to_have_count(1)
    assert page.locator("#runs :is(script, img, iframe, style, a[href^=javascript])").count() == 0
    text = page.locator("#runs").inner_text()
    for part in ("<script>", "<img src=x onerror=", "</script>", "⟨U+202E⟩", "␛", "⟨U+E0041⟩"):
        assert part in text, part
    assert "\u202e" not in text and page.title() != "owned"


def a_hostile_trace_is_text(browser):
    with browser.page() as page:
        page.locator("#files").set_input_files(HOSTILE)
        check_hostile(page)


def a_page_of_one_trace_needs_no_server(browser):
    with browser.page(pathlib.Path(STANDALONE).as_uri()) as page:
        check_hostile(page)
        assert page.locator(".timeline rect").count() > 0
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.className").startswith("hand")
        with page.expect_download() as download:
            page.locator(".keep a").click()
        saved, given = (
            [json.loads(line) for line in path.read_text().split("\n") if line]
            for path in (download.value.path(), pathlib.Path(HOSTILE)))
        assert [(line["event"], line["at"]) for line in saved] == [(line["event"], line["at"]) for line in given]
        texts = [[line["thought"]["text"] for line in lines if "thought" in line] for lines in (saved, given)]
        assert texts[0] == texts[1], texts
        page.locator("#files").set_input_files([HOSTILE, HOSTILE])
        expect(page.locator(".run")).to_have_count(2)


def records_of_an_evaluation_can_be_opened(browser):
    with browser.page() as page:
        page.locator("#files").set_input_files(ROOT / "Tests/TandemEvaluationTests/Runs/2737383/records.jsonl")
        rows = page.locator(".records tbody tr")
        expect(rows.nth(3)).to_be_visible()
        for row in (0, 1):
            rows.nth(row).locator("input").check()
        page.locator(".records button").click()
        expect(page.locator(".run")).to_have_count(2)
        expect(page.locator(".run .state").first).to_contain_text("gold")


def what_is_no_trace_is_said(browser):
    with browser.page() as page:
        page.locator("#files").set_input_files({"name": "x.jsonl", "mimeType": "text/plain", "buffer": b"{}\nnonsense\n{}\n"})
        expect(page.locator("#notice")).to_have_text("x.jsonl: Line 2 is not JSON.")


def everything_can_be_done_with_keys(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        page.locator("#runs").focus()
        chips = page.locator(".hand")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(chips.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(chips.nth(0)).to_be_focused()
        page.keyboard.press("d")
        expect(page.locator("#show-discarded")).not_to_be_checked()
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()
        page.keyboard.press("/")
        expect(page.locator("textarea[name=question]")).to_be_focused()
        page.keyboard.type("jkd?")
        assert page.locator("textarea[name=question]").input_value().endswith("jkd?")


def a_reader_of_the_screen_hears_the_state_and_no_more(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        live = page.locator("#runs :is([aria-live], [role=status], [role=alert], [role=log])")
        assert live.evaluate_all("all => all.map(one => one.className)") == ["state"]
        nameless = page.evaluate("""() => [...document.querySelectorAll("input, select, textarea, button, [role=region], svg")]
          .filter(one => !(one.labels?.length || one.ariaLabel || one.getAttribute("aria-label") || one.textContent.trim()))
          .map(one => one.outerHTML)""")
        assert not nameless, nameless
        spoken = page.locator(".thinking .spoken").all_inner_texts()
        assert spoken[0] == "small:" and "large:" in spoken, spoken


def contrast(page, selector):
    """The ratio of WCAG 2 between an element's colour and the page's ground."""
    return page.evaluate("""(selector) => {
      const light = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
        const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const own = light(getComputedStyle(document.querySelector(selector)).color);
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
    }""", selector)


def colours_can_be_told_by_day_and_by_night_and_are_never_alone(browser):
    for scheme in ("light", "dark"):
        with browser.page(color_scheme=scheme) as page:
            ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert (ground == "rgb(255, 255, 255)") == (scheme == "light"), ground
            for selector in (".by.small", ".by.large", ".by.inserted", "legend", "body"):
                assert contrast(page, selector) >= 4.5, (scheme, selector, contrast(page, selector))
            styles = [page.evaluate(f"getComputedStyle(document.querySelector('.by.{author}')).textDecorationStyle")
                      for author in ("small", "large", "inserted")]
            assert len(set(styles)) == 3, styles


def a_phone_needs_no_sideways_scrolling(browser):
    with browser.page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True) as page:
        ask(page, "speculative-thinking", "length-filtered-vote")
        await_end(page)
        page.locator(".side .settings summary").first.click()
        page.locator(".limits summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        first, second = (page.locator(".run").nth(index).bounding_box() for index in (0, 1))
        assert second["y"] >= first["y"] + first["height"], "one below the other"


def paper_gets_all_of_the_text_and_no_buttons(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        page.emulate_media(media="print")
        expect(page.locator("#ask")).to_be_hidden()
        assert page.locator(".thinking").evaluate("box => box.scrollHeight - box.clientHeight") <= 1


def a_server_with_keys_is_given_one(browser):
    with browser.page(expected=["401"]) as page:
        def guard(route):
            if route.request.headers.get("authorization") == "Bearer secret":
                return route.continue_()
            route.fulfill(status=401, json={"error": {"message": "no key"}})
        page.route("**/v1/**", guard)
        page.reload()
        page.locator("#key input").fill("secret")
        page.locator("#key button").click()
        expect(page.locator("#ask")).to_be_visible()
        expect(page.locator("#key")).to_be_hidden()
        ask(page, "large-only")
        await_end(page)
        expect(page.locator(".state")).to_contain_text("Done")


def an_error_of_the_server_is_shown(browser):
    with browser.page(expected=["400"]) as page:
        page.route("**/v1/runs", lambda route: route.fulfill(status=400, json={"error": {"message": "It does not fit."}}))
        ask(page, "large-only")
        expect(page.locator(".state")).to_have_text("Failed: It does not fit.")
        await_end(page)


def stored_runs_can_be_opened(browser):
    with browser.page() as page:
        ask(page, "speculative-thinking")
        await_end(page)
        thinking = page.locator(".thinking").inner_text()
        page.reload()
        page.locator("#stored summary").click()
        page.locator("#stored li", has_text="speculative-thinking").first.locator("input").check()
        page.locator("#stored button").click()
        expect(page.locator(".run")).to_have_count(1)
        expect(page.locator(".state")).to_contain_text("Done")
        assert page.locator(".thinking").inner_text() == thinking, "stored and live runs look the same"


if __name__ == "__main__":
    names = sys.argv[5:]
    own = [value for value in globals().values() if getattr(value, "__module__", "") == "__main__"]
    tests = [test for test in own if test.__code__.co_varnames[:1] == ("browser",) and (not names or test.__name__ in names)]
    sys.exit(0 if run(tests, CHROMIUM, ADDRESS) else 1)

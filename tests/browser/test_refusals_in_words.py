"""What the server refuses is said in the words of the screens, in the language of the reader."""

from playwright.async_api import Page, expect

from tests.browser.desk import Api, Desk


def _profile(api: Api, name: str) -> str:
    answer = api.client.post("/api/v1/admin/profiles", json={"name": name, "lang": "en"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_wrong_date_is_said_in_both_languages(page: Page, desk: Desk, api: Api) -> None:
    ident = _profile(api, "Salah Tanggal")
    await page.goto(f"{desk.url}/admin/profiles/{ident}")
    await page.get_by_role("button", name="Add experience").click()
    await page.get_by_label("Organisation").fill("Balai")
    await page.get_by_label("Role").fill("Penyunting")
    await page.get_by_label("Start").fill("May 2024")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("Write a year, a month or a day: 2024, 2024-05")).to_be_visible()
    state = page.get_by_role("status").filter(has_text="Not saved")
    await expect(state).to_have_text("Not saved: look at the marked fields")
    await expect(page.get_by_label("Start")).to_have_attribute("aria-invalid", "true")
    assert "should match" not in (await page.locator("body").inner_text())

    await page.evaluate("localStorage.setItem('lontar.lang', 'id')")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.get_by_role("textbox", name="Nama", exact=True).fill("")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("Ini harus diisi.")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="Tidak tersimpan")).to_have_text(
        "Tidak tersimpan: lihat isian yang ditandai"
    )


async def test_what_one_of_many_is_refused_for_is_said_in_indonesian(
    page: Page, desk: Desk, api: Api
) -> None:
    api.article(title="Belum terbit")
    api.is_found("Belum")
    await page.add_init_script("localStorage.setItem('lontar.lang', 'id')")
    await page.goto(f"{desk.url}/admin/articles?q=Belum")
    await page.get_by_role("checkbox", name="Pilih Belum terbit").check()
    await page.get_by_role("button", name="Terapkan pada 1 pilihan").click()
    await page.get_by_role("menuitem", name="Tarik").click()
    await expect(page.get_by_role("status")).to_contain_text("Gagal: Ini tidak terbit.")


async def test_the_log_tells_in_indonesian_who_wrote(page: Page, desk: Desk, api: Api) -> None:
    ident = api.article(title="Ditulis pelan")["id"]
    headers = {"If-Match": f'"{api.get(ident)["revision"]}"'}
    answer = api.client.patch(
        f"/api/v1/admin/articles/{ident}/autosave", json={"markdown": "A"}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    api.is_logged(ident, 2)
    await page.add_init_script("localStorage.setItem('lontar.lang', 'id')")
    await page.goto(f"{desk.url}/admin/audit?item={ident}")
    rows = page.get_by_role("main").get_by_role("listitem")
    await expect(rows.first).to_contain_text("menulis Ditulis pelan")
